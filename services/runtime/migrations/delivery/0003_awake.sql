-- Until when the relay looks for rows by itself. Whoever adds some before then need not notify it: a
-- notification holds a lock of the whole database until its commit is on disk. In a crash the row is
-- lost, and everybody notifies.
create unlogged table {schema}.awake (
    until timestamptz not null,
    only_one boolean primary key default true check (only_one)
) with (fillfactor = 10);

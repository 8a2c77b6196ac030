-- The request was taken back: the mail goes out no more, unless the mail server has it already.
alter table sender.mails add column withdrawn boolean not null default false;

-- How often the same link was followed, a day apart and more.
alter table sender.unsubscribed add column times integer not null default 1;

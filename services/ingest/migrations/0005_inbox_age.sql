-- Submissions are forgotten by age. They come in its order, so a summary of each block finds the old
-- ones, and costs next to nothing to keep.
create index inbox_by_age on ingest.inbox using brin (recorded_at) with (autosummarize = on);

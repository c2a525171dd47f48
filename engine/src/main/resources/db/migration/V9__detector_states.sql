-- Each series' states are saved on their own: topic_offset is the next record that the series has not seen, so a series
-- that was saved later than others skips the records between. version is the definition's by which its points were judged,
-- live says whether a point came that is no history.
ALTER TABLE chengmai.detector_snapshot ADD COLUMN version integer NOT NULL DEFAULT 0;
ALTER TABLE chengmai.detector_snapshot ADD COLUMN live boolean NOT NULL DEFAULT false;
-- States are dense numbers: compressing them costs more than it saves.
ALTER TABLE chengmai.detector_snapshot ALTER COLUMN state SET STORAGE EXTERNAL;

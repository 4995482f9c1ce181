-- What an agency bills beside the cost of ads. Facts stay the plain cost: terms are applied when
-- somebody asks.

ALTER TABLE accounts ADD COLUMN cost_terms TEXT NOT NULL DEFAULT '[]'; -- JSON, ascending by day

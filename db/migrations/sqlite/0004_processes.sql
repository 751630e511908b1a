-- Every process of an installation says that it lives, not only workers. Old code: its rows are workers'.

ALTER TABLE workers ADD COLUMN kind TEXT NOT NULL DEFAULT 'worker';

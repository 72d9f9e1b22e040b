-- A user does not care who this is: the group is not listed. Its visits go on joining it, so that it does not come back
-- as a new one.
ALTER TABLE unknown_groups ADD COLUMN dismissed_at timestamptz(3);

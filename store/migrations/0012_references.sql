-- Undo asks whether anything refers to what it is about to trash: each reference to what an import may have made has an index.
CREATE INDEX cases_contact ON cases ("contact", "n");
CREATE INDEX cases_order ON cases ("order", "n");
CREATE INDEX cases_receipt ON cases ("receipt", "n");
CREATE INDEX cases_product ON cases ("product", "n");
CREATE INDEX activities_contact ON activities ("contact", "n");
CREATE INDEX activities_order ON activities ("order", "n");
CREATE INDEX tasks_order ON tasks ("order", "n");

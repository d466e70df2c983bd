-- A file may have come in another: in an archive, or with a mail. A mail is known by its Message-ID (RFC 5322, 3.6.4), in whatever bytes it comes.
ALTER TABLE documents ADD COLUMN "container" {text} NOT NULL DEFAULT '';
CREATE INDEX documents_container ON documents ("container", "n");
ALTER TABLE documents ADD COLUMN "message" {text} NOT NULL DEFAULT '';
CREATE INDEX documents_message ON documents ("message", "n");

-- What an activity is known from: the mail as it came.
ALTER TABLE activities ADD COLUMN "document" {text} NOT NULL DEFAULT '';
CREATE INDEX activities_document ON activities ("document", "n");

-- By which a mail finds whom it is from: an address is one in whatever letters it is written.
CREATE INDEX contacts_email ON contacts (lower("email"));
CREATE INDEX customers_email ON customers (lower("email"));

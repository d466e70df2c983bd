-- What happened with a customer, by its day: a timeline takes the newest of each kind.
CREATE INDEX receipts_customer_day ON receipts ("customer", "dated_on", "n");
CREATE INDEX activities_customer_day ON activities ("customer", "happened_at", "n");
CREATE INDEX cases_customer_day ON cases ("customer", "opened_at", "n");

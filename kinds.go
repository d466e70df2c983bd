package guike

import "guike/record"

// Kinds registers every kind once: plural (table and URL), id prefix, maker. The order is the order of the menu.
var Kinds = []*record.Kind{
	record.NewKind("customers", "cus", func() record.Record { return new(Customer) }),
	record.NewKind("contacts", "con", func() record.Record { return new(Contact) }),
	record.NewKind("products", "prd", func() record.Record { return new(Product) }),
	record.NewKind("orders", "ord", func() record.Record { return new(Order) }),
	record.NewKind("cases", "cse", func() record.Record { return new(Case) }),
	record.NewKind("activities", "act", func() record.Record { return new(Activity) }),
	record.NewKind("tasks", "tsk", func() record.Record { return new(Task) }),
	record.NewKind("receipts", "rcp", func() record.Record { return new(Receipt) }),
	record.NewKind("documents", "doc", func() record.Record { return new(Document) }),
	record.NewKind("entries", "ent", func() record.Record { return new(Entry) }),
	record.NewKind("accounts", "acc", func() record.Record { return new(Account) }),
	record.NewKind("folders", "fld", func() record.Record { return new(Folder) }),
	verbs("matches", "mat", func() record.Record { return new(Match) }),
	verbs("enclosures", "enc", func() record.Record { return new(Enclosure) }),
	said(verbs("comments", "cmt", func() record.Record { return new(Comment) })),
	verbs("notices", "ntc", func() record.Record { return new(Notice) }),
	verbs("views", "viw", func() record.Record { return new(View) }),
	verbs("dashboards", "dsh", func() record.Record { return new(Dashboard) }),
	verbs("dimensions", "dim", func() record.Record { return new(Dimension) }),
	verbs("categories", "cat", func() record.Record { return new(Category) }),
	verbs("rules", "rul", func() record.Record { return new(Rule) }),
	verbs("revisions", "rev", func() record.Record { return new(Revision) }),
	verbs("imports", "imp", func() record.Record { return new(Import) }),
	verbs("operations", "opr", func() record.Record { return new(Operation) }),
	verbs("shares", "shr", func() record.Record { return new(Share) }),
	verbs("users", "usr", func() record.Record { return new(User) }),
	verbs("departments", "dep", func() record.Record { return new(Department) }),
	verbs("roles", "rol", func() record.Record { return new(Role) }),
	verbs("lessons", "lsn", func() record.Record { return new(Lesson) }),
	verbs("mailboxes", "mbx", func() record.Record { return new(Mailbox) }),
	verbs("hooks", "hok", func() record.Record { return new(Hook) }),
	verbs("tokens", "tok", func() record.Record { return new(Token) }),
	verbs("custom_kinds", "ckd", func() record.Record { return new(CustomKind) }),
	verbs("custom_fields", "cfd", func() record.Record { return new(CustomField) }),
	verbs("proposals", "prp", func() record.Record { return new(Proposal) }),
	verbs("settings", "set", func() record.Record { return new(Setting) }),
}

// verbs registers a kind that only its verbs write.
func verbs(plural, prefix string, make func() record.Record) *record.Kind {
	k := record.NewKind(plural, prefix, make)
	k.Verbs = true
	return k
}

// said marks a kind that holds what people say.
func said(k *record.Kind) *record.Kind {
	k.Said = true
	return k
}

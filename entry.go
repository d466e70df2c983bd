package guike

import "guike/record"

// An Entry is one line of a bank statement. It says that money moved; a receipt is the paper about it.
type Entry struct {
	record.Base
	Account        record.ID // own account
	BookedOn       record.Date
	Amount         record.Money // never negative: Direction says which way
	Direction      string
	Balance        record.Money // after
	CounterName    string
	CounterAccount string
	CounterBank    string
	Summary        string // 摘要
	Purpose        string // 用途
	Serial         string
	BusinessKey    string       // account + serial + direction
	Slipped        record.Money // what slips that are matched with it prove
}

func (*Entry) Kind() string { return "entry" }

// Heading names the other side and the amount.
func (e *Entry) Heading() string {
	if e.Amount.Currency == "" {
		return e.CounterName
	}
	return e.CounterName + " " + e.Amount.Decimal()
}

// Derive sets the business key: a transfer between own accounts shares its serial, so the account and direction belong to it.
func (e *Entry) Derive() {
	e.BusinessKey = ""
	if e.Serial != "" {
		e.BusinessKey = string(e.Account) + "|" + e.Serial + "|" + e.Direction
	}
}

func (e *Entry) Fields(f *record.Fields) {
	e.Base.Fields(f)
	f.Ref("account", "account", &e.Account).Indexed()
	f.Date("booked_on", &e.BookedOn).Required().Indexed().Dated()
	f.Money("amount", &e.Amount).Required().Indexed()
	f.Choice("direction", &e.Direction, "in", "out").Required()
	f.Money("balance", &e.Balance)
	f.Text("counter_name", &e.CounterName).Searched()
	f.Text("counter_account", &e.CounterAccount).Searched().Sensitive()
	f.Text("counter_bank", &e.CounterBank)
	f.Text("summary", &e.Summary).Searched()
	f.Text("purpose", &e.Purpose).Searched()
	f.Text("serial", &e.Serial).Searched()
	f.Text("business_key", &e.BusinessKey).System().Unique()
	f.Money("slipped", &e.Slipped).System().Indexed()
}

// An Account is a bank account: the company's own, or a customer's as seen on papers.
type Account struct {
	record.Base
	Number   string
	Holder   string // 户名
	Bank     string
	Own      bool
	Customer record.ID
	Currency string
}

func (*Account) Kind() string { return "account" }

// Heading is holder and number.
func (a *Account) Heading() string { return a.Holder + " " + a.Number }

func (a *Account) Fields(f *record.Fields) {
	a.Base.Fields(f)
	f.Text("number", &a.Number).Required().Searched().Unique()
	f.Text("holder", &a.Holder).Searched()
	f.Text("bank", &a.Bank).Searched()
	f.Bool("own", &a.Own)
	f.Ref("customer", "customer", &a.Customer).Indexed()
	f.Text("currency", &a.Currency)
}

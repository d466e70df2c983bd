package demo

import (
	"time"

	"guike"
	"guike/record"
	"guike/store"
)

// statementDays is how far back the bank statements reach.
const statementDays = 45

// Lines that no slip is kept of.
var charges = []struct {
	summary, direction string
	minor              int64
}{
	{"账户管理费", "out", 2000}, {"结息", "in", 18642}, {"转账手续费", "out", 550}, {"短信服务费", "out", 600}, {"代扣社保", "out", 4826130},
}

// statement makes the lines of the banks' statements: of most slips of the last weeks, and some that no slip is kept of.
func (f *filler) statement(rs []*guike.Receipt) error {
	ids := map[string]record.ID{}
	if err := f.db.Each(f.ctx, "SELECT number, id FROM accounts WHERE own = 1", nil, func(rows store.Rows) error {
		var number, id string
		err := rows.Scan(&number, &id)
		ids[number] = record.ID(id)
		return err
	}); err != nil {
		return err
	}
	from := record.Date(f.today.AddDate(0, 0, -statementDays).Format(time.DateOnly))
	var es []*guike.Entry
	for _, r := range rs {
		if r.Type != "slip" || r.PaidOn < from || f.rng.IntN(15) == 0 {
			continue
		}
		e := &guike.Entry{BookedOn: r.PaidOn, Amount: r.Amount, Direction: r.Direction, Serial: r.Serial, Summary: "转账", Purpose: r.Purpose}
		own := r.PayeeAccount
		e.CounterName, e.CounterAccount, e.CounterBank = r.PayerName, r.PayerAccount, r.PayerBank
		if r.Direction == "out" {
			own = r.PayerAccount
			e.CounterName, e.CounterAccount, e.CounterBank = r.PayeeName, r.PayeeAccount, r.PayeeBank
		}
		e.Account, e.Owner, e.Department = ids[own], r.Owner, r.Department
		es = append(es, e)
	}
	for range len(es) / 20 {
		c, own := charges[f.rng.IntN(len(charges))], Accounts[f.rng.IntN(len(Accounts))]
		e := &guike.Entry{Account: ids[own.Number], BookedOn: f.day(statementDays), Amount: record.Money{Minor: c.minor, Currency: "CNY"}, Direction: c.direction, Summary: c.summary,
			CounterName: own.Bank, Serial: digits(f.rng, 15)}
		i := f.rng.IntN(len(f.users))
		e.Owner, e.Department = f.users[i], f.deps[i%len(f.deps)]
		es = append(es, e)
	}
	f.total += len(es)
	return put(f, es)
}

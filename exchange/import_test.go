package exchange_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"

	"guike"
	"guike/blob"
	"guike/exchange"
	"guike/queue"
	"guike/record"
	"guike/store"
	"guike/store/storetest"
)

type desk struct {
	*exchange.Port
	t testing.TB
	r *queue.Runner
}

func open(t testing.TB, db *store.DB) *desk {
	t.Helper()
	bl, err := blob.Open(context.Background(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{&exchange.Port{DB: db, Blobs: bl, Scratch: t.TempDir()}, t, queue.NewRunner(db, 1)}
	d.r.Handle(exchange.Queue, 1, d.Handler())
	return d
}

func owner() record.Scope {
	sc := record.SystemScope("test")
	sc.System = false
	sc.User, sc.Admin, sc.Rules = "usr_00000000000000000000000001", true, true
	sc.Cause = record.Cause{Kind: "request", ID: "req"}
	return sc
}

func (d *desk) drain() {
	d.t.Helper()
	if _, err := d.r.Drain(context.Background()); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) get(id record.ID) *guike.Import {
	d.t.Helper()
	r, err := d.DB.Get(context.Background(), owner(), "import", id)
	if err != nil {
		d.t.Fatal(err)
	}
	return r.(*guike.Import)
}

func (d *desk) begin(kind, name string, body []byte, edit func(*exchange.Mapping)) *guike.Import {
	d.t.Helper()
	ctx := context.Background()
	imp, err := d.Begin(ctx, owner(), kind, name, "", bytes.NewReader(body))
	if err != nil {
		d.t.Fatal(err)
	}
	if edit != nil {
		m, err := exchange.Decode(imp)
		if err != nil {
			d.t.Fatal(err)
		}
		edit(&m)
		if imp, err = d.Map(ctx, owner(), imp.ID, m); err != nil {
			d.t.Fatal(err)
		}
	}
	return imp
}

// take imports a table and answers what became of it.
func (d *desk) take(kind, name string, body []byte, edit func(*exchange.Mapping)) *guike.Import {
	d.t.Helper()
	imp := d.begin(kind, name, body, edit)
	if _, _, err := d.Run(context.Background(), owner(), imp.ID); err != nil {
		d.t.Fatal(err)
	}
	d.drain()
	return d.sum(imp.ID)
}

func (d *desk) sum(id record.ID) *guike.Import {
	d.t.Helper()
	imp := d.get(id)
	if imp.Rows != imp.Created+imp.Updated+imp.Unchanged+imp.Rejected+imp.Skipped {
		d.t.Errorf("%s: %d rows, %d + %d + %d + %d + %d", imp.Name, imp.Rows, imp.Created, imp.Updated, imp.Unchanged, imp.Rejected, imp.Skipped)
	}
	return imp
}

func (d *desk) issues(id record.ID, severity string) []exchange.Issue {
	d.t.Helper()
	is, err := d.Issues(context.Background(), owner(), id, exchange.Issue{Severity: severity, Column: "*"}, 0, 10000)
	if err != nil {
		d.t.Fatal(err)
	}
	return is
}

func sample(t testing.TB, name string) []byte {
	t.Helper()
	dir := os.Getenv("GUIKE_SAMPLES")
	if dir == "" {
		dir = filepath.Join("..", "..", "shared", "samples")
	}
	b, err := os.ReadFile(filepath.Join(dir, "tables", name))
	if err != nil {
		t.Skip("no samples: ", err)
	}
	return b
}

func TestSamples(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		tell := func(imp *guike.Import) {
			t.Logf("%s: %s %s %s rows %d created %d updated %d unchanged %d rejected %d skipped %d warned %d", imp.Name, imp.State, imp.Reason, imp.Detail, imp.Rows, imp.Created, imp.Updated, imp.Unchanged, imp.Rejected, imp.Skipped, imp.Warned)
			rs, err := d.Reasons(context.Background(), owner(), imp.ID)
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range rs {
				t.Logf("  %+v", r)
			}
		}
		c := d.take("customer", "customers.csv", sample(t, "customers.csv"), nil)
		tell(c)
		if c.Created != 1420 || c.Rows != 1420 {
			t.Error("customers")
		}
		again := d.take("customer", "customers.csv", sample(t, "customers.csv"), nil)
		tell(again)
		if again.Unchanged != 1420 {
			t.Error("customers again")
		}
		o := d.take("order", "orders.csv", sample(t, "orders.csv"), nil)
		tell(o)
		x := d.take("order", "orders.xlsx", sample(t, "orders.xlsx"), nil)
		tell(x)
		if o.Created != 3000 || x.Rows != 3000 || x.Unchanged != 3000 {
			t.Error("orders")
		}
		s := d.take("entry", "statement.csv", sample(t, "statement-gb18030.csv"), nil)
		tell(s)
		if s.Created != 600 || s.Rejected != 0 {
			t.Error("statement")
		}
	})
}

package notice_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"guike"
	"guike/notice"
	"guike/record"
	"guike/store"
	"guike/store/storetest"
)

// Somebody is told of what concerns him and he may see, once, and not of what he did himself.
func TestNotices(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx, sys := context.Background(), record.SystemScope("test")
		boss, clerk, gone := &guike.User{Login: "boss", Name: "陈", Role: "owner"}, &guike.User{Login: "clerk", Name: "张", Role: "member"}, &guike.User{Login: "gone", Name: "李", Role: "member"}
		create := func(sc record.Scope, r record.Record) record.ID {
			t.Helper()
			if err := db.Tx(ctx, sc, func(tx *store.Tx) error { r.Head().ID = ""; return tx.Create(ctx, r) }); err != nil {
				t.Fatal(err)
			}
			return r.Head().ID
		}
		for _, u := range []*guike.User{boss, clerk, gone} {
			create(sys, u)
		}
		by := record.SystemScope("test") // the boss acts
		by.User, by.Name, by.Cause = boss.ID, "陈", record.Cause{Kind: "request", ID: "r1", Root: "r1"}
		of := func(_ context.Context, user record.ID, _ record.Cause) (record.Scope, error) {
			switch user {
			case boss.ID:
				return record.SystemScope("boss"), nil
			case clerk.ID:
				sc := record.Scope{User: clerk.ID, Grants: map[string]record.Grant{"customer": {}}, Other: record.Grant{Read: record.Everything}}
				return sc, nil
			}
			return record.Scope{}, record.Errorf(record.Unauthenticated, "error.disabled")
		}
		follow, at := notice.Follow(of), int64(0)
		catchUp := func(from int64) {
			t.Helper()
			if _, err := db.Sequence(ctx); err != nil {
				t.Fatal(err)
			}
			cs, err := db.Changes(ctx, from, 10_000)
			if err != nil {
				t.Fatal(err)
			}
			if err := db.Tx(ctx, record.SystemScope("people"), func(tx *store.Tx) error { return follow(ctx, tx, cs) }); err != nil {
				t.Fatal(err)
			}
			if len(cs) > 0 {
				at = cs[len(cs)-1].Seq
			}
		}
		told := func(user record.ID) (out []string) {
			t.Helper()
			if err := db.Each(ctx, "SELECT why, name, body, count FROM notices WHERE owner = ? AND read_at IS NULL ORDER BY n", []any{string(user)}, func(rows store.Rows) error {
				var why, name, body string
				var n int64
				err := rows.Scan(&why, &name, &body, &n)
				out = append(out, fmt.Sprint(why, " ", name, " ", body, " ", n))
				return err
			}); err != nil {
				t.Fatal(err)
			}
			return out
		}
		catchUp(0)

		task := create(by, &guike.Task{Subject: "回访", Assignee: clerk.ID})
		create(by, &guike.Task{Subject: "自己做", Assignee: boss.ID})
		create(by, &guike.Task{Subject: "给走了的人", Assignee: gone.ID})
		hidden := create(by, &guike.Customer{Name: "恒泰"})
		create(by, &guike.Comment{About: "task", Rec: task, Body: fmt.Sprintf("请 @[张](%s) 与 @[陈](%s) 看看", clerk.ID, boss.ID)})
		create(by, &guike.Comment{About: "customer", Rec: hidden, Body: fmt.Sprintf("@[张](%s)", clerk.ID)})
		create(by, &guike.Proposal{Of: "task", Rec: task, Field: "due_on", State: guike.ProposalWaiting, Reviewer: clerk.ID})
		imp := &guike.Import{Of: "task", Name: "任务.csv", State: guike.ImportRunning, Rows: 7, SHA256: strings.Repeat("a", 64)}
		imp.Owner = clerk.ID
		create(sys, imp)
		for range 2 { // the second ends it
			if err := db.Tx(ctx, sys, func(tx *store.Tx) error {
				_, err := tx.Update(ctx, "import", imp.ID, store.Patch{Values: map[string]record.Value{"state": record.TextValue(guike.ImportDone)}})
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
		was := at
		catchUp(was)
		catchUp(was) // a follower may be stopped before its cursor moves
		want := fmt.Sprint([]string{"assigned 回访  1", "mentioned 回访 请 @张 与 @陈 看看 1", "review 回访 due_on 1", "imported 任务.csv  7"})
		if got := fmt.Sprint(told(clerk.ID)); got != want {
			t.Errorf("the clerk is told %v, want %v", got, want)
		}
		if got := append(told(boss.ID), told(gone.ID)...); len(got) != 0 {
			t.Errorf("others are told %v", got)
		}

		// Many at once are one.
		if err := notice.Read(ctx, db, record.Scope{User: boss.ID}, nil); err != nil {
			t.Fatal(err)
		}
		if n := len(told(clerk.ID)); n != 4 {
			t.Errorf("%d are left after somebody else read his", n)
		}
		if err := notice.Read(ctx, db, record.Scope{User: clerk.ID}, nil); err != nil {
			t.Fatal(err)
		}
		bulk := by
		bulk.Cause = record.Cause{Kind: "bulk", ID: "opr_1", Root: "opr_1"}
		for i := range 5 {
			create(bulk, &guike.Task{Subject: fmt.Sprint("批", i), Assignee: clerk.ID})
		}
		was = at
		catchUp(was)
		if got := told(clerk.ID); fmt.Sprint(got) != "[assigned 批0  5]" {
			t.Errorf("five at once: %v", got)
		}
	})
}

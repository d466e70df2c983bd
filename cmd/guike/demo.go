package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"

	"guike"
	"guike/access"
	"guike/cabinet"
	"guike/classify"
	"guike/demo"
	"guike/record"
	"guike/store"
)

type demoCmd struct {
	place
	door
}

// demoPassword is printed, and good for the demo's invented records alone.
const demoPassword = "guike-demo-2026"

func (c demoCmd) Run() error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := c.check(); err != nil {
		return err
	}
	w, err := c.open(ctx, true)
	if err != nil {
		return err
	}
	users, deps, fresh, err := w.people(ctx)
	if err != nil {
		return errors.Join(err, w.close())
	}
	filled := make(chan struct{})
	err = w.serve(ctx, c.door, func(address string) {
		fmt.Printf("\n  归客 Guike 演示 / demo   %s\n  用户名 / login: demo    密码 / password: %s\n\n", address, demoPassword)
		go func() {
			defer close(filled)
			if fresh {
				w.fill(ctx, users, deps)
			}
		}()
	})
	stop()
	<-filled
	return errors.Join(err, w.close())
}

// people makes the demo's users and departments, unless they are there. fresh says whether the records are yet to be made.
func (w *workspace) people(ctx context.Context) (users, deps []record.ID, fresh bool, err error) {
	ready, err := w.ready(ctx)
	if err != nil {
		return nil, nil, false, err
	}
	sys := record.SystemScope("demo")
	if !ready {
		if _, err := access.Init(ctx, w.db, demo.Company, access.NewUser{Name: "陈归云", Login: "demo", Password: demoPassword, Language: "zh-CN"}); err != nil {
			return nil, nil, false, err
		}
		if err := classify.Seed(ctx, w.db); err != nil {
			return nil, nil, false, err
		}
		ruler := sys
		ruler.Rules = true
		if err := cabinet.Suggest(ctx, w.db, ruler); err != nil {
			return nil, nil, false, err
		}
		for i, name := range []string{"销售一部", "销售二部", "财务部"} {
			d := &guike.Department{Name: name}
			if err := w.db.Tx(ctx, sys, func(tx *store.Tx) error {
				d.ID = ""
				if err := tx.One(ctx, "SELECT id FROM departments ORDER BY n LIMIT 1", nil, (*string)(&d.Parent)); err != nil {
					return err
				}
				return tx.Create(ctx, d)
			}); err != nil {
				return nil, nil, false, err
			}
			u := []string{"王敏", "李建国", "赵雅婷"}[i]
			login := []string{"wangmin", "lijianguo", "zhaoyating"}[i]
			if _, err := access.AddUser(ctx, w.db, sys, access.NewUser{Name: u, Login: login, Password: demoPassword, Role: []string{"member", "member", "manager"}[i], Language: "zh-CN", Department: d.ID}); err != nil {
				return nil, nil, false, err
			}
		}
		if err := demo.Begin(ctx, w.db, sys); err != nil {
			return nil, nil, false, err
		}
	}
	if err := w.db.Each(ctx, "SELECT id, department FROM users WHERE role = 'member' ORDER BY n", nil, func(rows store.Rows) error {
		var u, d string
		err := rows.Scan(&u, &d)
		users, deps = append(users, record.ID(u)), append(deps, record.ID(d))
		return err
	}); err != nil {
		return nil, nil, false, err
	}
	var n int64
	err = w.db.One(ctx, "SELECT count(*) FROM (SELECT 1 FROM customers LIMIT 1) c", nil, &n)
	return users, deps, n == 0, err
}

// fill makes the records while people look, and says on the terminal how far it is.
func (w *workspace) fill(ctx context.Context, users, deps []record.ID) {
	start, said := time.Now(), time.Now()
	sc := record.SystemScope("demo")
	err := demo.Fill(ctx, w.db, sc, users, deps, demo.Full, func(done, total int) {
		if time.Since(said) > time.Second {
			said = time.Now()
			fmt.Fprintf(os.Stderr, "\r  filling / 正在填充 %d / %d", done, total)
		}
	}, func(name string, data []byte) error {
		sc := sc
		i := len(name) % len(users)
		sc.User, sc.Home = users[i], deps[i]
		_, _, err := w.desk.Keep(ctx, sc, name, "demo", bytes.NewReader(data))
		return err
	})
	if err != nil && ctx.Err() == nil {
		slog.Error("fill the demo", "err", err)
		return
	}
	fmt.Fprintf(os.Stderr, "\r  filled / 填充完成 in %s          \n", time.Since(start).Round(time.Second))
}

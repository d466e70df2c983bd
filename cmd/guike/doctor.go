package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"time"

	"guike"
	"guike/blob"
	"guike/store"
)

type doctorCmd struct {
	place
}

// Run looks at everything a workspace needs and says of each whether it is well and, if not, what to do. It exits 1 where something is wrong.
func (c doctorCmd) Run() error {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()
	bad := false
	say := func(ok bool, what, todo string) {
		mark := "ok  "
		if !ok {
			mark, bad = "BAD ", true
		}
		fmt.Printf("%s %s\n", mark, what)
		if !ok && todo != "" {
			fmt.Printf("     → %s\n", todo)
		}
	}
	fmt.Println("guike", buildVersion())
	if _, err := os.Stat(c.file("guike.json")); errors.Is(err, os.ErrNotExist) {
		say(false, "no workspace in "+c.Data, "guike init --data "+c.Data+", or name another folder with --data")
		return exitCode(1)
	}
	if b, err := os.ReadFile(c.file("server.json")); err == nil {
		var r running
		if json.Unmarshal(b, &r) == nil {
			hc := *r.client()
			hc.Timeout = 3 * time.Second
			resp, err := hc.Get(r.Address + "/readyz")
			ok := err == nil && resp.StatusCode == http.StatusOK
			if err == nil {
				resp.Body.Close()
			}
			say(ok, "a server has this folder: "+r.Address, "it does not answer: look at its log; after a crash the file server.json may be left over and does no harm")
		}
	}
	var m mark
	if b, err := os.ReadFile(c.file("guike.json")); err == nil && json.Unmarshal(b, &m) == nil {
		if err := c.complete(m); err != nil {
			say(false, err.Error(), "")
			return exitCode(1)
		}
	}
	url := c.Database
	if url == "" {
		url = c.file("guike.db")
	}
	db, err := store.Open(ctx, url, guike.Kinds, store.Options{NoMigrate: true})
	if err != nil {
		say(false, "database: "+err.Error(), "is it there, and of this version? guike serve brings an older one up to date")
		return exitCode(1)
	}
	defer db.Close()
	err = db.Check(ctx)
	say(err == nil, fmt.Sprintf("database (%s) is whole", db.Dialect()), fmt.Sprintf("%v: stop the server, keep the folder, restore the last backup into an empty one", err))
	addr := c.Blob
	if addr == "" {
		addr = c.file("originals")
	}
	blobs, err := blob.Open(ctx, addr)
	if err != nil {
		say(false, "originals: "+err.Error(), "")
		return exitCode(1)
	}
	missing, total := 0, 0
	err = db.Each(ctx, "SELECT sha256 FROM documents WHERE sha256 <> '' UNION SELECT sha256 FROM editions", nil, func(rows store.Rows) error {
		var sum string
		if err := rows.Scan(&sum); err != nil {
			return err
		}
		total++
		r, err := blob.Verified(ctx, blobs, sum)
		if err == nil {
			_, err = copyAway(r)
		}
		if err != nil {
			missing++
			fmt.Printf("     %s: %v\n", sum, err)
		}
		return nil
	})
	say(err == nil && missing == 0, fmt.Sprintf("%d originals, each as its hash says", total-missing), "restore those from a backup")
	var dead int64
	err = db.One(ctx, "SELECT count(*) FROM jobs WHERE state = 'dead'", nil, &dead)
	say(err == nil && dead == 0, fmt.Sprintf("%d jobs have given up", dead), "see the jobs page; each says why and can be tried again")
	if err := c.options().Check(); err != nil {
		fmt.Println("note scans and photos wait:", err)
	} else {
		fmt.Println("ok   scans and photos can be read")
	}
	if bad {
		return exitCode(1)
	}
	return nil
}

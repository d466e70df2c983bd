package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"guike/access"
	"guike/classify"

	"golang.org/x/term"
)

type initCmd struct {
	place
	Workspace string `help:"The company's name." default:"我的公司"`
	Owner     string `help:"Login of the owner to make; without it the owner is made in the browser, with the one-time code."`
}

func (c initCmd) Run() error {
	ctx := context.Background()
	w, err := c.open(ctx, false)
	if err != nil {
		return err
	}
	defer w.close()
	if c.Owner == "" {
		fmt.Printf("%s is ready: guike serve --data %s\n", c.Data, c.Data)
		return nil
	}
	pw, err := readPassword()
	if err != nil {
		return err
	}
	if _, err := access.Init(ctx, w.db, c.Workspace, access.NewUser{Name: c.Owner, Login: c.Owner, Password: pw, Language: "zh-CN"}); err != nil {
		return err
	}
	return classify.Seed(ctx, w.db)
}

// readPassword asks on a terminal without showing what is typed; elsewhere it reads a line.
func readPassword() (string, error) {
	if term.IsTerminal(int(os.Stdin.Fd())) {
		fmt.Fprint(os.Stderr, "Password (at least 10 characters): ")
		b, err := term.ReadPassword(int(os.Stdin.Fd()))
		fmt.Fprintln(os.Stderr)
		return string(b), err
	}
	s := bufio.NewScanner(os.Stdin)
	if !s.Scan() {
		return "", errors.Join(errors.New("no password on standard input"), s.Err())
	}
	return strings.TrimRight(s.Text(), "\r\n"), nil
}

type userCmd struct {
	Add    userAdd    `cmd:"" help:"Add a user; the password is read from standard input."`
	Passwd userPasswd `cmd:"" help:"Give a user another password."`
	List   userList   `cmd:"" help:"List users."`
}

type userAdd struct {
	place
	who
	Login string `arg:"" help:"Login name."`
	Name  string `help:"The person's name; the login where absent."`
	Role  string `help:"owner, manager, member, viewer, or one of your own." default:"member"`
}

func (c userAdd) Run() error {
	ctx := context.Background()
	cl, err := c.client(ctx, c.As)
	if err != nil {
		return err
	}
	defer cl.close()
	pw, err := readPassword()
	if err != nil {
		return err
	}
	name := c.Name
	if name == "" {
		name = c.Login
	}
	return cl.call(ctx, "POST", "/users", map[string]string{"name": name, "login": c.Login, "password": pw, "role": c.Role}, nil)
}

type people struct {
	Data []struct {
		ID       string `json:"id"`
		Name     string `json:"name"`
		Login    string `json:"login"`
		Role     string `json:"role"`
		Disabled bool   `json:"disabled"`
	} `json:"data"`
	Next string `json:"next_cursor"`
}

type userPasswd struct {
	place
	who
	Login string `arg:"" help:"Login name."`
}

func (c userPasswd) Run() error {
	ctx := context.Background()
	cl, err := c.client(ctx, c.As)
	if err != nil {
		return err
	}
	defer cl.close()
	var found people
	if err := cl.call(ctx, "POST", "/users:query", map[string]any{"filter": map[string]any{"field": "login", "op": "eq", "value": c.Login}}, &found); err != nil {
		return err
	}
	if len(found.Data) == 0 {
		return fmt.Errorf("no user %q", c.Login)
	}
	pw, err := readPassword()
	if err != nil {
		return err
	}
	return cl.call(ctx, "POST", "/users/"+found.Data[0].ID+"/password", map[string]string{"password": pw}, nil)
}

type userList struct {
	place
	who
}

func (c userList) Run() error {
	ctx := context.Background()
	cl, err := c.client(ctx, c.As)
	if err != nil {
		return err
	}
	defer cl.close()
	for cursor := ""; ; {
		var page people
		if err := cl.call(ctx, "GET", "/users?limit=200&sort=created_at&cursor="+cursor, nil, &page); err != nil {
			return err
		}
		for _, u := range page.Data {
			state := ""
			if u.Disabled {
				state = "disabled"
			}
			fmt.Printf("%-20s %-10s %-10s %s\n", u.Login, u.Role, state, u.Name)
		}
		if cursor = page.Next; cursor == "" {
			return nil
		}
	}
}

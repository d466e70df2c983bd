package api

import (
	"net/http"

	"guike/message"
	"guike/record"
)

// mailboxes adds the routes by which administrators have mailboxes read. They are listed as any kind; passwords never leave the store.
func (s *Server) mailboxes() {
	in := schema[mailboxAccess](s)
	s.add(route{method: "POST", path: "/mailboxes", summary: "Have a mailbox read from now on", in: in, out: schema[made](s), status: http.StatusCreated, do: func(c *call) (any, error) {
		a, err := decode[mailboxAccess](c)
		if err != nil {
			return nil, err
		}
		id, err := message.Add(c, c.s.db, c.scope, a.access())
		return made{ID: string(id)}, err
	}})
	s.add(route{method: "PUT", path: "/mailboxes/{id}", summary: "Change how a mailbox is reached, pause it, or let it go on", in: in, do: func(c *call) (any, error) {
		a, err := decode[mailboxAccess](c)
		if err != nil {
			return nil, err
		}
		return nil, message.Change(c, c.s.db, c.scope, c.id(), a.access())
	}})
	s.add(route{method: "DELETE", path: "/mailboxes/{id}", summary: "Read a mailbox no more; what was taken in stays", do: func(c *call) (any, error) {
		return nil, message.Remove(c, c.s.db, c.scope, c.id())
	}})
	s.add(route{method: "POST", path: "/mailboxes:try", summary: "Reach for a mailbox, taking nothing in", in: in, out: schema[tried](s), do: func(c *call) (any, error) {
		a, err := decode[mailboxAccess](c)
		if err != nil {
			return nil, err
		}
		n, err := message.Try(c, c.s.db, c.scope, a.ID, a.access())
		return tried{n}, err
	}})
}

type mailboxAccess struct {
	ID       record.ID `json:"id,omitempty" doc:"of a mailbox to try, whose password is used where none is given"`
	Name     string    `json:"name,omitempty"`
	Host     string    `json:"host"`
	Port     int64     `json:"port,omitempty" doc:"993 or 143 where it is left out"`
	Security string    `json:"security,omitempty" enum:"tls,starttls,none" doc:"none only for this very machine"`
	Login    string    `json:"login"`
	Password string    `json:"password,omitempty" doc:"kept as it is where it is left out"`
	Folder   string    `json:"folder,omitempty" doc:"INBOX where it is left out"`
	User     record.ID `json:"user,omitempty" doc:"in whose name mails are taken in; the caller where it is left out"`
	Paused   bool      `json:"paused,omitempty"`
}

func (a mailboxAccess) access() message.Access {
	return message.Access{Name: a.Name, Host: a.Host, Port: a.Port, Security: a.Security, Login: a.Login, Password: a.Password, Folder: a.Folder, User: a.User, Paused: a.Paused}
}

type tried struct {
	Mails int64 `json:"mails" doc:"in the folder"`
}

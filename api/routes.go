package api

import (
	"net/http"
)

// routes is the whole surface.
func (s *Server) routes() {
	cat, err := s.db.Catalogue(bg, false)
	if err != nil {
		panic(err) // a DB that was opened has a catalogue
	}
	for _, k := range cat.Kinds() {
		switch k.Name {
		case "dimension", "category", "rule", "token", "setting", "proposal", "view", "dashboard", "enclosure":
			continue // these have shapes of their own
		}
		s.served[k.Name] = true
		s.records(k)
	}
	s.add(route{method: "GET", path: "/openapi.json", summary: "This description", public: true, raw: true, do: func(c *call) (any, error) {
		doc, err := s.described(c)
		if err != nil {
			return nil, err
		}
		c.w.Header().Set("Content-Type", "application/openapi+json")
		_, err = c.w.Write(doc)
		return nil, err
	}})
	s.add(route{method: "GET", path: "/kinds", summary: "Kinds and their fields", out: schema[kinds](s), do: (*call).kinds})
	s.add(route{method: "GET", path: "/search", summary: "Find in every kind", out: schema[hits](s), query: []string{"q", "limit"}, do: (*call).search})
	s.add(route{method: "GET", path: "/events", summary: "Changes as they happen (SSE)", raw: true, do: (*call).events})

	// The door.
	s.add(route{method: "GET", path: "/setup", summary: "Whether an owner is wanting", public: true, out: schema[needed](s), do: (*call).needed})
	s.add(route{method: "POST", path: "/setup", summary: "Make the owner, with the one-time code", public: true, in: schema[setup](s), out: schema[session](s), do: (*call).setup})
	s.add(route{method: "GET", path: "/session", summary: "Who am I", out: schema[session](s), do: (*call).session})
	s.add(route{method: "POST", path: "/session", summary: "Log in", public: true, in: schema[login](s), out: schema[session](s), do: (*call).login})
	s.add(route{method: "PATCH", path: "/session", summary: "My language", in: schema[language](s), out: schema[session](s), do: (*call).language})
	s.add(route{method: "DELETE", path: "/session", summary: "Log out", public: true, do: (*call).logout})
	s.add(route{method: "POST", path: "/users", summary: "Add a user", in: schema[newUser](s), out: schema[made](s), status: http.StatusCreated, do: (*call).addUser})
	s.add(route{method: "POST", path: "/users/{id}/role", summary: "Give a user another role", in: schema[role](s), do: (*call).setRole})
	s.add(route{method: "POST", path: "/users/{id}/password", summary: "Give a user another password", in: schema[password](s), do: (*call).setPassword})
	s.add(route{method: "POST", path: "/users/{id}/disable", summary: "Shut a user out, or let him in again", in: schema[disable](s), do: (*call).disable})
	s.add(route{method: "GET", path: "/tokens", summary: "My tokens; all of them for an administrator", out: s.pageSchema(cat.Kind("token")), query: []string{"limit", "cursor"}, do: (*call).tokens})
	s.recordSchema(cat.Kind("token"))
	s.add(route{method: "POST", path: "/tokens", summary: "Make a token; it is answered this once", in: schema[newToken](s), out: schema[madeToken](s), status: http.StatusCreated, do: (*call).addToken})
	s.add(route{method: "POST", path: "/tokens/{id}/revoke", summary: "End a token", do: (*call).revokeToken})

	s.roles()
	s.mailboxes()
	s.hooks()
	s.lessons()

	// Classification.
	s.add(route{method: "GET", path: "/dimensions", summary: "Dimensions with their categories", out: schema[dimensions](s), do: (*call).dimensions})
	s.add(route{method: "POST", path: "/dimensions", summary: "Add a dimension", in: schema[newDimension](s), out: schema[made](s), status: http.StatusCreated, do: (*call).addDimension})
	s.add(route{method: "PATCH", path: "/dimensions/{id}", summary: "Rename, or move bounds", in: schema[editDimension](s), out: schema[made](s), do: (*call).editDimension})
	s.add(route{method: "POST", path: "/dimensions/{id}/categories", summary: "Add a category", in: schema[newCategory](s), out: schema[made](s), status: http.StatusCreated, do: (*call).addCategory})
	s.add(route{method: "POST", path: "/dimensions/{id}/order", summary: "Put rules in order", in: schema[ruleOrder](s), out: schema[made](s), do: (*call).orderRules})
	s.add(route{method: "PATCH", path: "/categories/{id}", summary: "Rename, move or retire a category", in: schema[editCategory](s), do: (*call).editCategory})
	s.add(route{method: "DELETE", path: "/categories/{id}", summary: "Delete a category that nothing uses", do: (*call).deleteCategory})
	s.add(route{method: "GET", path: "/rules", summary: "Rules in order", out: schema[rules](s), query: []string{"dimension"}, do: (*call).rules})
	s.add(route{method: "POST", path: "/rules", summary: "Add a rule", in: schema[newRule](s), out: schema[made](s), status: http.StatusCreated, do: (*call).addRule})
	s.add(route{method: "PATCH", path: "/rules/{id}", summary: "Change a rule", in: schema[editRule](s), out: schema[made](s), do: (*call).editRule})
	s.add(route{method: "DELETE", path: "/rules/{id}", summary: "Delete a rule", out: schema[made](s), do: (*call).deleteRule})
	s.add(route{method: "POST", path: "/rules:test", summary: "What a condition would keep", in: schema[ruleTest](s), out: schema[ruleTested](s), do: (*call).testRule})

	s.revisions()
	s.operations()
	s.matching(s.recordSchema(cat.Kind("match")))

	s.dossiers()

	// Long work.
	s.add(route{method: "GET", path: "/jobs", summary: "Jobs, newest first", out: schema[jobs](s), query: []string{"limit", "state"}, do: (*call).jobs})
	s.add(route{method: "GET", path: "/jobs/{id}", summary: "One job", out: schema[job](s), do: (*call).job})
	s.add(route{method: "POST", path: "/jobs/{id}/retry", summary: "Try again", do: (*call).retryJob})
	s.add(route{method: "POST", path: "/jobs/{id}/cancel", summary: "End a job", do: (*call).cancelJob})
	s.add(route{method: "GET", path: "/jobs/{id}/file", summary: "The file that a job made", raw: true, do: (*call).jobFile})
	s.schedules()
	s.add(route{method: "GET", path: "/health", summary: "How the workspace fares, for administrators: what needs somebody, how much there is, limits", out: schema[health](s), do: (*call).health})

	s.views()
	s.talk()
	s.shares()
	s.papers()
	s.versions(cat.Kind("document"))
	s.cabinet()
	s.retention()
	s.shapes()
	s.exchange()

	s.mux.HandleFunc("/api/", func(w http.ResponseWriter, r *http.Request) {
		if added, err := s.addedKinds(r.Context()); err != nil {
			s.fail(w, r, err)
			return
		} else if added {
			s.mux.ServeHTTP(w, r)
			return
		}
		s.problem(w, r, http.StatusNotFound, "not_found", "error.no_such_route", nil)
	})
}

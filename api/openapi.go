package api

import (
	"context"
	"strings"

	"guike/record"

	"github.com/danielgtaylor/huma/v2"
)

// document writes a route into the OpenAPI description.
func (s *Server) document(rt route) {
	op := &huma.Operation{Method: rt.method, Path: prefix + rt.path, Summary: rt.summary, OperationID: operationID(rt), Responses: map[string]*huma.Response{}}
	for seg := range strings.SplitSeq(rt.path, "/") {
		if name, ok := strings.CutPrefix(seg, "{"); ok {
			op.Parameters = append(op.Parameters, &huma.Param{Name: strings.TrimSuffix(name, "}"), In: "path", Required: true, Schema: &huma.Schema{Type: "string"}})
		}
	}
	for _, q := range rt.query {
		op.Parameters = append(op.Parameters, &huma.Param{Name: q, In: "query", Schema: &huma.Schema{Type: "string"}})
	}
	if rt.method == "POST" && !rt.public {
		op.Parameters = append(op.Parameters, &huma.Param{Name: "Idempotency-Key", In: "header", Schema: &huma.Schema{Type: "string"}})
	}
	if rt.method == "PATCH" {
		op.Parameters = append(op.Parameters, &huma.Param{Name: "If-Match", In: "header", Schema: &huma.Schema{Type: "string"}})
	}
	if rt.form != nil {
		op.Parameters = append(op.Parameters, &huma.Param{Name: "If-Match", In: "header", Schema: &huma.Schema{Type: "string"}})
		op.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"multipart/form-data": {Schema: &huma.Schema{Type: "object", Required: []string{"file"}, Properties: map[string]*huma.Schema{
			"file": {Type: "string", Format: "binary"}, "note": {Type: "string"}, "force": {Type: "string", Enum: []any{"true"}, Description: "also where somebody else is working on it"}}}}}}
	}
	if rt.in != nil {
		op.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"application/json": {Schema: rt.in}}}
	}
	ok := &huma.Response{Description: "done"}
	if rt.out != nil {
		ok.Content = map[string]*huma.MediaType{"application/json": {Schema: rt.out}}
	}
	status := map[int]string{0: "200", 200: "200", 201: "201", 202: "202"}[rt.status]
	if rt.out == nil && !rt.raw {
		status = "204"
	}
	op.Responses[status] = ok
	op.Responses["default"] = &huma.Response{Description: "what went wrong", Content: map[string]*huma.MediaType{"application/problem+json": {Schema: schema[Problem](s)}}}
	s.doc.AddOperation(op)
}

func operationID(rt route) string {
	var b strings.Builder
	b.WriteString(strings.ToLower(rt.method))
	for seg := range strings.FieldsFuncSeq(rt.path, func(r rune) bool { return strings.ContainsRune("/:{}._-", r) }) {
		b.WriteString(strings.ToUpper(seg[:1]) + seg[1:])
	}
	return b.String()
}

// recordSchema describes a kind from its fields.
func (s *Server) recordSchema(k *record.Kind) *huma.Schema {
	name := strings.ToUpper(k.Name[:1]) + k.Name[1:]
	s.schemas.Map()[name] = fieldsSchema(k.Fields, s)
	sc := s.schemas.Map()[name]
	sc.Properties["kind"] = &huma.Schema{Type: "string", ReadOnly: true}
	return &huma.Schema{Ref: "#/components/schemas/" + name}
}

func (s *Server) pageSchema(k *record.Kind) *huma.Schema {
	name := strings.ToUpper(k.Name[:1]) + k.Name[1:]
	return &huma.Schema{Type: "object", Properties: map[string]*huma.Schema{
		"data":        {Type: "array", Items: &huma.Schema{Ref: "#/components/schemas/" + name}},
		"next_cursor": {Type: "string"}, "has_more": {Type: "boolean"},
		"stopped": {Type: "boolean", Description: "the row budget ended the search before the page was full"},
	}}
}

func fieldsSchema(fields []record.Field, s *Server) *huma.Schema {
	out := &huma.Schema{Type: "object", Properties: map[string]*huma.Schema{}}
	for i := range fields {
		f := &fields[i]
		if f.IsSecret() || f.Retired {
			continue
		}
		p := &huma.Schema{ReadOnly: f.IsSystem() && f.Name != "status"}
		switch f.Type {
		case record.Int:
			p.Type = "integer"
		case record.Float:
			p.Type = "number"
		case record.Bool:
			p.Type = "boolean"
		case record.Date_:
			p.Type, p.Format, p.Nullable = "string", "date", true
		case record.Time_:
			p.Type, p.Format, p.Nullable = "string", "date-time", true
		case record.MoneyType:
			p = &huma.Schema{Type: "object", Nullable: true, Properties: map[string]*huma.Schema{"amount": {Type: "string"}, "currency": {Type: "string"}}, Required: []string{"amount", "currency"}}
		case record.Ref:
			p.Description = "written as the id of a " + f.Ref
			p.OneOf = []*huma.Schema{{Type: "string", Nullable: true}, schema[ref](s)}
		case record.Category:
			p.ReadOnly, p.Description = true, "written by classify"
			if p.Type, p.Nullable = "object", true; f.Multi {
				p.Type = "array"
				p.Items = schema[ref](s)
			}
		case record.Lines:
			p.Type, p.Items = "array", fieldsSchema(f.Of, s)
		case record.JSON:
		case record.Choices:
			p.Type, p.Items = "array", &huma.Schema{Type: "string"}
			for _, c := range f.Choices {
				p.Items.Enum = append(p.Items.Enum, c)
			}
		case record.Choice:
			p.Type = "string"
			p.Enum = []any{""}
			for _, c := range f.Choices {
				p.Enum = append(p.Enum, c)
			}
		default:
			p.Type = "string"
		}
		if f.RefBy != "" {
			p = &huma.Schema{ReadOnly: p.ReadOnly, Description: "of the kind that " + f.RefBy + " names", OneOf: []*huma.Schema{schema[ref](s)}}
		}
		out.Properties[f.Name] = p
	}
	return out
}

// addedKinds makes routes for the kinds that the workspace has added since; it reports whether there were any.
func (s *Server) addedKinds(ctx context.Context) (bool, error) {
	cat, err := s.db.Catalogue(ctx, false)
	if err != nil {
		return false, err
	}
	s.describing.Lock()
	defer s.describing.Unlock()
	any := false
	for _, k := range cat.Kinds() {
		if k.Custom && !s.served[k.Name] {
			s.served[k.Name], any = true, true
			s.records(k)
		}
	}
	return any, nil
}

// described answers the OpenAPI document with the workspace's own kinds and fields.
func (s *Server) described(c *call) ([]byte, error) {
	if _, err := s.addedKinds(c); err != nil {
		return nil, err
	}
	cat, err := s.db.Catalogue(c, false)
	if err != nil {
		return nil, err
	}
	s.describing.Lock()
	defer s.describing.Unlock()
	doc := *s.doc
	parts := *s.doc.Components
	parts.Schemas = extended{s.schemas, cat.Kinds(), s}
	doc.Components = &parts
	return marshal(&doc)
}

// extended is the registry with the kinds as one catalogue has them.
type extended struct {
	huma.Registry
	kinds []*record.Kind
	s     *Server
}

func (e extended) MarshalJSON() ([]byte, error) {
	m := map[string]*huma.Schema{}
	for name, sc := range e.Registry.Map() {
		m[name] = sc
	}
	for _, k := range e.kinds {
		sc := fieldsSchema(k.Fields, e.s)
		sc.Properties["kind"] = &huma.Schema{Type: "string", ReadOnly: true}
		m[strings.ToUpper(k.Name[:1])+k.Name[1:]] = sc
	}
	return marshal(m)
}

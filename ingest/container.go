package ingest

import (
	"bytes"
	"context"
	"fmt"
	"slices"

	"guike"
	"guike/paper"
	"guike/record"
	"guike/store"
)

// How deep containers may lie in one another, and what the outermost may hold.
const (
	maxNesting  = 4       // containers in containers
	maxTree     = 5000    // files in the outermost with all that is nested in it,
	maxTreeSize = 1 << 30 // and their bytes
)

// A Held is a part of a container as its reading keeps it: the document that it became, or why it did not.
type Held struct {
	Name     string    `json:"name"`
	Size     int64     `json:"size"`
	Document record.ID `json:"document,omitempty"`
	Already  bool      `json:"already,omitempty"` // the document came by another way, and stays where it was
	Reason   string    `json:"reason,omitempty"`
	Detail   string    `json:"detail,omitempty"`
}

// refused says that a container held something and nothing of it could be taken.
func refused(parts []Held) bool {
	for _, p := range parts {
		if p.Document != "" || p.Reason == "clutter" || p.Reason == "inline" {
			return false
		}
	}
	return len(parts) > 0
}

// opened reports whether a password opened something, or nothing asked for it.
func opened(parts []paper.Part) bool {
	wrong := false
	for _, p := range parts {
		if p.Unlocked {
			return true
		}
		wrong = wrong || p.Reason == paper.WrongPassword
	}
	return !wrong
}

// unpack keeps each part as a document of its own, as if it had been sent alone. Killed on the way and done again, it finds what it kept.
func (d *Desk) unpack(ctx context.Context, sc record.Scope, doc *guike.Document, parts []paper.Part, before []Held) ([]Held, error) {
	if len(parts) == 0 {
		return nil, nil
	}
	depth, count, size, err := d.tree(ctx, doc)
	if err != nil {
		return nil, err
	}
	var out []Held
	for _, p := range parts {
		h := Held{Name: p.Name, Size: p.Size, Reason: p.Reason, Detail: p.Detail}
		if h.Reason == paper.WrongPassword {
			h.Reason, h.Detail = paper.LockedPart, "已加密，需要密码" // another opened others
		}
		if h.Reason == paper.LockedPart {
			// It was opened once, with a password that is kept nowhere.
			if i := slices.IndexFunc(before, func(b Held) bool { return b.Name == p.Name && b.Document != "" }); i >= 0 {
				h = before[i]
			}
		}
		switch {
		case p.Reason != "":
		case depth >= maxNesting:
			h.Reason, h.Detail = "nested", fmt.Sprintf("嵌套超过 %d 层，未解开", maxNesting)
		case count >= maxTree || size+p.Size > maxTreeSize:
			h.Reason, h.Detail = "too_many_parts", fmt.Sprintf("最外层的压缩包或邮件里已有 %d 个文件，未再解开", count)
		default:
			id, already, err := d.keep(ctx, sc, p.Name, doc.Source, doc, bytes.NewReader(p.Data))
			if err != nil {
				return nil, fmt.Errorf("part %s: %w", p.Name, err)
			}
			h.Document = id
			if already {
				var in string
				if err := d.DB.One(ctx, "SELECT container FROM documents WHERE id = ?", []any{string(id)}, &in); err != nil {
					return nil, err
				}
				h.Already = record.ID(in) != doc.ID
			} else {
				count++
				size += p.Size
			}
		}
		out = append(out, h)
	}
	return out, nil
}

// tree says how deep a container lies in others, and what the outermost of them holds with all that is nested in it.
func (d *Desk) tree(ctx context.Context, doc *guike.Document) (depth int, count, size int64, err error) {
	root := doc.ID
	for up := doc.Container; up != "" && depth < maxNesting; depth++ {
		root = up
		err := d.DB.One(ctx, "SELECT container FROM documents WHERE id = ?", []any{string(root)}, (*string)(&up))
		if record.Is(err, record.NotFound) {
			break
		}
		if err != nil {
			return 0, 0, 0, err
		}
	}
	err = d.DB.Each(ctx, `WITH RECURSIVE held (id, size) AS (
	SELECT id, size FROM documents WHERE container = ?
	UNION SELECT x.id, x.size FROM documents x JOIN held h ON x.container = h.id)
SELECT count(*), CAST(coalesce(sum(size), 0) AS bigint) FROM held`, []any{string(root)}, func(rows store.Rows) error { return rows.Scan(&count, &size) })
	return depth, count, size, err
}

package match

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"

	"guike"
	"guike/record"
	"guike/store"
)

// Weights say how much each fact speaks for a match: of what → fact → points. Their sum goes through the logistic function and is the confidence.
type Weights map[string]map[string]float64

// Setting is the name of the setting that holds the weights that answers have moved.
const Setting = "match"

const (
	sure   = 0.95 // from here on a match is applied by itself
	likely = 0.5  // from here on it is proposed
	apart  = 1.0  // points by which the best must lead the next; nearer is ambiguous, and a person's to say
	rate   = 0.1  // of learning
	reach  = 2.0  // points that answers may move a weight from where it began
)

// began is what the weights are before anybody answered: chosen by hand, so that a number or an exact amount alone is not enough.
var began = Weights{
	guike.MatchOrder: {"bias": -5, "linked": 12, "number": 6, "near": 4, "elsewhere": -6, "account": 3.5, "name": 3, "short": 2.5, "stranger": -3,
		"equal": 4, "fee": 2.5, "part": -0.5, "over": -3, "combined": 4.5, "sum": 4.5, "soon": 2.5, "early": -2, "only": 1.5},
	guike.MatchInvoice: {"bias": -5, "number": 6, "order": 4, "account": 3.5, "name": 3, "short": 2.5, "stranger": -3, "equal": 4, "part": -0.5, "over": -3, "soon": 2.5},
	guike.MatchEntry:   {"bias": -5, "serial": 6, "account": 3.5, "name": 3, "short": 2.5, "stranger": -3, "equal": 4, "over": -6, "part": -3, "soon": 2},
}

// A Fact is one thing that speaks for or against a match, and by how many points. It holds no value of the records: who may see the match may see it.
type Fact struct {
	By     string  `json:"by"`
	Points float64 `json:"points"`
	Much   float64 `json:"much"` // how far it holds, 0 to 1
}

// Present answers the weights as they are now.
func Present(ctx context.Context, db *store.DB) (Weights, error) {
	var s string
	err := db.One(ctx, "SELECT value FROM settings WHERE name = ? AND deleted_at IS NULL", []any{Setting}, &s)
	return weights(s, err)
}

func present(ctx context.Context, tx *store.Tx) (Weights, error) {
	var s string
	err := tx.One(ctx, "SELECT value FROM settings WHERE name = ? AND deleted_at IS NULL", []any{Setting}, &s)
	return weights(s, err)
}

// weights puts what was learnt over what the weights began with.
func weights(s string, err error) (Weights, error) {
	w := Weights{}
	for of, ws := range began {
		w[of] = maps.Clone(ws)
	}
	if record.Is(err, record.NotFound) {
		return w, nil
	}
	if err != nil {
		return nil, err
	}
	var learnt Weights
	if err := json.Unmarshal([]byte(s), &learnt); err != nil {
		return nil, fmt.Errorf("setting %s: %w", Setting, err)
	}
	for of, ws := range learnt {
		for by, p := range ws {
			if _, ok := w[of][by]; ok {
				w[of][by] = p
			}
		}
	}
	return w, nil
}

// weigh answers the points of facts and what each gave, the heaviest first.
func (w Weights) weigh(of string, facts map[string]float64) (float64, []Fact) {
	sum := w[of]["bias"]
	var out []Fact
	for by, much := range facts {
		p := math.Round(w[of][by]*much*100) / 100
		sum += p
		out = append(out, Fact{by, p, math.Round(much*1000) / 1000})
	}
	slices.SortFunc(out, func(a, b Fact) int {
		return cmp.Or(cmp.Compare(math.Abs(b.Points), math.Abs(a.Points)), cmp.Compare(a.By, b.By))
	})
	return sum, out
}

func logistic(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

// learn moves the weights by one answer: a step of online logistic regression (stochastic gradient descent on the log loss), each weight held near
// where it began, so that no run of answers can turn the model over. It answers by how much each was moved.
func (w Weights) learn(of string, facts []Fact, right bool) map[string]float64 {
	sum := w[of]["bias"]
	for _, f := range facts {
		sum += w[of][f.By] * f.Much
	}
	wrong := -logistic(sum)
	if right {
		wrong++
	}
	moved := map[string]float64{}
	for _, f := range facts {
		first, ok := began[of][f.By]
		if !ok {
			continue
		}
		was := w[of][f.By]
		w[of][f.By] = min(max(was+rate*wrong*f.Much, first-reach), first+reach)
		moved[f.By] = w[of][f.By] - was
	}
	return moved
}

// keep writes the weights.
func (w Weights) keep(ctx context.Context, tx *store.Tx) error {
	b, err := json.Marshal(w)
	if err != nil {
		return err
	}
	return tx.Set(ctx, Setting, string(b))
}

package guike

import "testing"

// A title names the other side: of an invoice that went out the buyer, of one that came in the seller.
func TestReceiptHeading(t *testing.T) {
	r := Receipt{PayerName: "payer", PayeeName: "payee", SellerName: "seller", BuyerName: "buyer"}
	for _, c := range []struct{ kind, direction, want string }{
		{"slip", "in", "payer"}, {"slip", "out", "payee"}, {"slip", "", "payer"},
		{"invoice", "out", "buyer"}, {"invoice", "in", "seller"}, {"invoice", "", "buyer"},
	} {
		r.Type, r.Direction = c.kind, c.direction
		if got := r.Heading(); got != c.want {
			t.Errorf("%s %s: %q, want %q", c.kind, c.direction, got, c.want)
		}
	}
}

package record

import (
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"strings"
)

// Money is a whole number of minor units (fen, cents) of a currency (ISO 4217). Without a currency it is absent.
type Money struct {
	Minor    int64
	Currency string
}

// exponents lists the ISO 4217 currencies whose minor unit is not a hundredth.
var exponents = map[string]int{
	"BIF": 0, "CLP": 0, "DJF": 0, "GNF": 0, "ISK": 0, "JPY": 0, "KMF": 0, "KRW": 0, "PYG": 0, "RWF": 0, "UGX": 0, "UYI": 0, "VND": 0, "VUV": 0,
	"XAF": 0, "XOF": 0, "XPF": 0, "BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "LYD": 3, "OMR": 3, "TND": 3,
}

// Exponent returns the number of digits behind the point of a currency.
func Exponent(currency string) int {
	if e, ok := exponents[currency]; ok {
		return e
	}
	return 2
}

// ParseMoney reads a plain decimal ("-1234.5", no grouping, no sign of currency). It fails on more digits behind the point than the currency has.
func ParseMoney(amount, currency string) (Money, error) {
	if len(currency) != 3 || strings.ToUpper(currency) != currency {
		return Money{}, fmt.Errorf("%q is not a currency", currency)
	}
	s, neg := strings.CutPrefix(amount, "-")
	whole, frac, _ := strings.Cut(s, ".")
	exp := Exponent(currency)
	for len(frac) > exp && frac[len(frac)-1] == '0' {
		frac = frac[:len(frac)-1]
	}
	if whole == "" || len(whole) > 18 || len(frac) > exp {
		return Money{}, fmt.Errorf("%q is not an amount in %s", amount, currency)
	}
	n := new(big.Int)
	digits := whole + frac + strings.Repeat("0", exp-len(frac))
	if strings.Trim(digits, "0123456789") != "" {
		return Money{}, fmt.Errorf("%q is not an amount", amount)
	}
	n.SetString(digits, 10)
	if neg {
		n.Neg(n)
	}
	if !n.IsInt64() || n.Int64() > maxWhole || n.Int64() < -maxWhole {
		return Money{}, fmt.Errorf("%q is too large", amount)
	}
	return Money{n.Int64(), currency}, nil
}

// maxWhole bounds whole numbers to what a browser reads exactly (2⁵³).
const maxWhole = 1 << 53

// Decimal writes the amount as a plain decimal with all digits of its currency.
func (m Money) Decimal() string {
	exp := Exponent(m.Currency)
	neg, n := m.Minor < 0, uint64(m.Minor)
	if neg {
		n = -n
	}
	s := fmt.Sprintf("%0*d", exp+1, n)
	if exp > 0 {
		s = s[:len(s)-exp] + "." + s[len(s)-exp:]
	}
	if neg {
		s = "-" + s
	}
	return s
}

// Times multiplies by a quantity and rounds half away from zero to minor units, as invoices do.
func (m Money) Times(quantity float64) Money {
	m.Minor = int64(math.Round(float64(m.Minor) * quantity))
	return m
}

// MarshalJSON writes {"amount","currency"}, or null when absent.
func (m Money) MarshalJSON() ([]byte, error) {
	if m.Currency == "" {
		return []byte("null"), nil
	}
	return json.Marshal(map[string]string{"amount": m.Decimal(), "currency": m.Currency})
}

// UnmarshalJSON reads what MarshalJSON writes. The currency must be named.
func (m *Money) UnmarshalJSON(b []byte) error {
	if string(b) == "null" {
		*m = Money{}
		return nil
	}
	var v struct{ Amount, Currency string }
	if err := json.Unmarshal(b, &v); err != nil {
		return fmt.Errorf(`money is {"amount":"1.00","currency":"CNY"}`)
	}
	var err error
	*m, err = ParseMoney(v.Amount, v.Currency)
	return err
}

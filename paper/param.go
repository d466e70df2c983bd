package paper

import (
	"fmt"
	"strings"
)

// param reads a parameter of a field (RFC 2045), also one with a charset and in pieces (RFC 2231), of any charset; the library knows UTF-8 alone.
func param(field, name string) string {
	ps := params(field)
	if v, ok := ps[name+"*"]; ok {
		charset, b := extended(v, true)
		return decodeHeader(decodeCharset(b, charset))
	}
	charset := ""
	var b []byte
	for i := 0; ; i++ {
		plain, isPlain := ps[fmt.Sprintf("%s*%d", name, i)]
		coded, isCoded := ps[fmt.Sprintf("%s*%d*", name, i)]
		switch {
		case isCoded:
			cs, piece := extended(coded, i == 0)
			if i == 0 {
				charset = cs
			}
			b = append(b, piece...)
			continue
		case isPlain:
			b = append(b, plain...)
			continue
		}
		break
	}
	if b != nil {
		return decodeHeader(decodeCharset(b, charset))
	}
	return decodeHeader(ps[name])
}

// params parts a field at its semicolons, but for those in quotation marks.
func params(field string) map[string]string {
	out := map[string]string{}
	var piece strings.Builder
	quoted := false
	end := func() {
		name, v, ok := strings.Cut(piece.String(), "=")
		if name = strings.ToLower(strings.TrimSpace(name)); ok && len(out) < 1000 {
			if _, twice := out[name]; !twice {
				out[name] = strings.TrimSpace(v)
			}
		}
		piece.Reset()
	}
	for i := 0; i < len(field); i++ {
		switch c := field[i]; {
		case c == '\\' && quoted && i+1 < len(field):
			i++
			piece.WriteByte(field[i])
		case c == '"':
			quoted = !quoted
		case c == ';' && !quoted:
			end()
		default:
			piece.WriteByte(c)
		}
	}
	end()
	return out
}

// extended decodes charset'language'%XX; later pieces have the last part alone.
func extended(v string, first bool) (charset string, out []byte) {
	if first {
		if p := strings.SplitN(v, "'", 3); len(p) == 3 {
			charset, v = p[0], p[2]
		}
	}
	for i := 0; i < len(v); i++ {
		var x byte
		if v[i] == '%' && i+2 < len(v) {
			if _, err := fmt.Sscanf(v[i+1:i+3], "%02x", &x); err == nil {
				out = append(out, x)
				i += 2
				continue
			}
		}
		out = append(out, v[i])
	}
	return charset, out
}

package record

import (
	"crypto/rand"
	"encoding/binary"
	"strings"
	"time"
)

// An ID is a TypeID 0.3: the kind's prefix, "_", and a UUIDv7 (RFC 9562) in Crockford base32, lower case, 26 characters. Ids of one kind sort by
// the millisecond they were made in. The empty ID is "none".
type ID string

const base32 = "0123456789abcdefghjkmnpqrstvwxyz"

// NewID makes an id for now.
func NewID(prefix string) ID { return newIDAt(prefix, time.Now()) }

func newIDAt(prefix string, at time.Time) ID {
	var u [16]byte
	if _, err := rand.Read(u[:]); err != nil {
		panic(err) // crypto/rand never fails on a supported system
	}
	ms := uint64(at.UnixMilli())
	binary.BigEndian.PutUint64(u[:8], ms<<16|uint64(binary.BigEndian.Uint16(u[6:8])))
	u[6] = u[6]&0x0f | 0x70
	u[8] = u[8]&0x3f | 0x80
	return ID(prefix + "_" + encode32(u))
}

// encode32 writes 128 bits as 26 characters, two zero bits in front, as the TypeID specification says.
func encode32(u [16]byte) string {
	hi, lo := binary.BigEndian.Uint64(u[:8]), binary.BigEndian.Uint64(u[8:])
	var b [26]byte
	for i := 25; i >= 0; i-- {
		b[i] = base32[lo&31]
		lo = lo>>5 | hi<<59
		hi >>= 5
	}
	return string(b[:])
}

// Valid reports whether the id has the form prefix_26 characters, whatever kind it names.
func (id ID) Valid() bool {
	i := strings.LastIndexByte(string(id), '_')
	if i < 1 || len(id)-i-1 != 26 || id[i+1] > '7' {
		return false
	}
	for _, c := range []byte(id[i+1:]) {
		if strings.IndexByte(base32, c) < 0 {
			return false
		}
	}
	return true
}

// Prefix returns what stands before the last underscore.
func (id ID) Prefix() string {
	if i := strings.LastIndexByte(string(id), '_'); i > 0 {
		return string(id[:i])
	}
	return ""
}

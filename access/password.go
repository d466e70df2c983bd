package access

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"
	"unicode/utf8"

	"guike/record"

	"golang.org/x/crypto/argon2"
)

// argon2id with OWASP's second recommendation: 19 MiB, two passes, one lane. At most two at a time, so that a crowd at the door cannot fill the memory.
const (
	passes = 2
	memory = 19 * 1024 // KiB
	lanes  = 1
)

var hashing = make(chan struct{}, 2)

func argon(ctx context.Context, password string, salt []byte) ([]byte, error) {
	select {
	case hashing <- struct{}{}:
		defer func() { <-hashing }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return argon2.IDKey([]byte(password), salt, passes, memory, lanes, 32), nil
}

// Hash makes a PHC string of a word that guards something less than an account, whose length its verb has checked.
func Hash(ctx context.Context, password string) (string, error) {
	salt := make([]byte, 16)
	if _, err := rand.Read(salt); err != nil {
		return "", err
	}
	key, err := argon(ctx, password, salt)
	if err != nil {
		return "", err
	}
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, memory, passes, lanes, b64.EncodeToString(salt), b64.EncodeToString(key)), nil
}

// hashPassword checks a new password's length and makes a PHC string of it.
func hashPassword(ctx context.Context, password string) (string, error) {
	if n := utf8.RuneCountInString(password); n < 10 || n > 200 {
		return "", record.FieldError("password", "error.password_length")
	}
	return Hash(ctx, password)
}

// Verify reports whether a password is the one a PHC string was made of. An empty or foreign string costs the same time and is never right.
func Verify(ctx context.Context, phc, password string) (bool, error) {
	parts := strings.Split(phc, "$")
	salt, want := make([]byte, 16), make([]byte, 32)
	known := len(parts) == 6
	if known {
		var err1, err2 error
		b64 := base64.RawStdEncoding
		salt, err1 = b64.DecodeString(parts[4])
		want, err2 = b64.DecodeString(parts[5])
		known = err1 == nil && err2 == nil
	}
	got, err := argon(ctx, password, salt)
	if err != nil {
		return false, err
	}
	return known && subtle.ConstantTimeCompare(got, want) == 1, nil
}

package message

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"guike"
)

// A delivery may be this much older or newer than it is now (Standard Webhooks 1.0, "Verifying webhook authenticity"): a copy that somebody caught is of no use later.
const tolerance = 5 * time.Minute

const secretPrefix = "whsec_"

// maxMessage bounds the id of a delivery, in bytes.
const maxMessage = 200

func newSecret() (string, error) {
	b := make([]byte, 32)
	if _, err := rand.Read(b); err != nil {
		return "", err
	}
	return secretPrefix + base64.StdEncoding.EncodeToString(b), nil
}

// Signed reports whether headers look like those of a signed delivery: only then is its body worth reading.
func Signed(h http.Header) bool {
	return h.Get("X-Hub-Signature-256") != "" || h.Get("Webhook-Signature") != ""
}

// verify reports whether a body is signed with a hook's secret, and the id by which it is known when it comes again. A nil hook takes as long and is never right.
func verify(h *guike.Hook, header http.Header, body []byte, now time.Time) (message string, ok bool) {
	none := h == nil
	if none {
		h = &guike.Hook{Scheme: guike.HookStandard, Secret: secretPrefix}
		if header.Get("Webhook-Signature") == "" {
			h.Scheme = guike.HookHub
		}
	}
	if h.Scheme == guike.HookHub {
		m := hmac.New(sha256.New, []byte(h.Secret))
		m.Write(body)
		given, err := hex.DecodeString(strings.TrimPrefix(header.Get("X-Hub-Signature-256"), "sha256="))
		ok = err == nil && hmac.Equal(given, m.Sum(nil))
		// This way of signing covers neither an id nor the time: the same bytes are the same delivery, whatever their headers say.
		sum := sha256.Sum256(body)
		return "sha256:" + hex.EncodeToString(sum[:]), ok && !none
	}
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(h.Secret, secretPrefix))
	if err != nil {
		return "", false // made by newSecret
	}
	id, stamp := header.Get("Webhook-Id"), header.Get("Webhook-Timestamp")
	m := hmac.New(sha256.New, key)
	m.Write([]byte(id + "." + stamp + "."))
	m.Write(body)
	want := m.Sum(nil)
	for _, s := range strings.Fields(header.Get("Webhook-Signature")) {
		version, text, _ := strings.Cut(s, ",")
		given, err := base64.StdEncoding.DecodeString(text)
		if version == "v1" && err == nil && hmac.Equal(given, want) {
			ok = true
		}
	}
	at, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil || id == "" || len(id) > maxMessage || strings.ContainsFunc(id, func(r rune) bool { return r < '!' || r > '~' }) {
		return "", false
	}
	off := now.Sub(time.Unix(at, 0))
	return id, ok && off <= tolerance && off >= -tolerance && !none
}

// Example is a command for a shell that sends one signed delivery to an address.
func Example(h *guike.Hook, address, secret string) string {
	if secret == "" {
		secret = secretPrefix + "…"
	}
	out := fmt.Sprintf("URL='%s'\nSECRET='%s'\n", address, secret)
	kind := "Content-Type: application/json"
	if h.Target == guike.HookDocuments {
		kind = "X-File-Name: paper.pdf"
		out += "FILE=paper.pdf\n"
	} else {
		out += "FILE=order.json\nprintf %s '{\"number\":\"SO-1001\"}' > $FILE\n"
	}
	if h.Scheme == guike.HookHub {
		return out + "SIGN=$(openssl dgst -sha256 -hmac \"$SECRET\" < $FILE | sed 's/^.*= *//')\n" +
			"curl -sS \"$URL\" -H \"X-Hub-Signature-256: sha256=$SIGN\" -H '" + kind + "' --data-binary @$FILE\n"
	}
	return out + "ID=msg_$(date +%s)_$$\nNOW=$(date +%s)\nKEY=$(printf %s \"${SECRET#" + secretPrefix + "}\" | openssl base64 -d -A | od -An -v -tx1 | tr -d ' \\n')\n" +
		"SIGN=$( { printf %s.%s. $ID $NOW; cat $FILE; } | openssl dgst -sha256 -mac HMAC -macopt hexkey:$KEY -binary | openssl base64 -A)\n" +
		"curl -sS \"$URL\" -H \"webhook-id: $ID\" -H \"webhook-timestamp: $NOW\" -H \"webhook-signature: v1,$SIGN\" -H '" + kind + "' --data-binary @$FILE\n"
}

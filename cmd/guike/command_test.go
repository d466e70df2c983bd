package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestCommandWithoutWorkspace(t *testing.T) {
	exe := build(t)
	data := filepath.Join(t.TempDir(), "nothing")
	out, err := exec.Command(exe, "backup", "--data", data, filepath.Join(t.TempDir(), "b.zip")).CombinedOutput()
	if err == nil || !strings.Contains(string(out), "no workspace in "+data) {
		t.Errorf("backup of nothing: %v, %s", err, out)
	}
	if _, err := os.Stat(data); err == nil {
		t.Error("it made a workspace")
	}
}

func TestCommandBeforeTheOwner(t *testing.T) {
	exe := build(t)
	data := t.TempDir()
	if out, err := exec.Command(exe, "init", "--data", data).CombinedOutput(); err != nil {
		t.Fatalf("init: %v, %s", err, out)
	}
	out, err := exec.Command(exe, "user", "list", "--data", data).CombinedOutput()
	if err == nil || !strings.Contains(string(out), "no owner yet") {
		t.Errorf("users without an owner: %v, %s", err, out)
	}
}

// certificate writes a certificate that no machine trusts, for a name that is none of this machine's.
func certificate(t *testing.T) (cert, key string) {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{"guike.example"}, NotAfter: time.Now().Add(time.Hour)}
	cb, err := x509.CreateCertificate(rand.Reader, c, c, k.Public(), k)
	if err != nil {
		t.Fatal(err)
	}
	kb, err := x509.MarshalPKCS8PrivateKey(k)
	if err != nil {
		t.Fatal(err)
	}
	write := func(name, kind string, b []byte) string {
		file := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: b}), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	return write("cert.pem", "CERTIFICATE", cb), write("key.pem", "PRIVATE KEY", kb)
}

func TestCommandThroughHTTPS(t *testing.T) {
	exe, data := build(t), t.TempDir()
	cmd := exec.Command(exe, "init", "--data", data, "--owner", "boss")
	cmd.Stdin = strings.NewReader("a long password")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("init: %v, %s", err, out)
	}
	cert, key := certificate(t)
	c := start(t, exe, data, "--listen", "0.0.0.0:0", "--tls-cert", cert, "--tls-key", key)
	defer c.kill()
	for _, args := range [][]string{{"user", "list"}, {"doctor"}} {
		if out, err := exec.Command(exe, append(args, "--data", data)...).CombinedOutput(); err != nil {
			t.Errorf("%v: %v, %s", args, err, out)
		}
	}
}

func TestDoor(t *testing.T) {
	for _, c := range []struct {
		door door
		ok   bool
	}{
		{door{Listen: "127.0.0.1:8320"}, true},
		{door{Listen: "0.0.0.0:8320"}, false},
		{door{Listen: ":8320"}, false},
		{door{Listen: "0.0.0.0:8320", InsecureHTTP: true}, true},
		{door{Listen: "0.0.0.0:8320", PublicURL: "https://guike.example"}, true},
		{door{Listen: "0.0.0.0:8320", PublicURL: "http://guike.example"}, false},
		{door{Listen: "127.0.0.1:8320", PublicURL: "guike.example"}, false},
		{door{Listen: "127.0.0.1:8320", PublicURL: "guike.example:443"}, false},
		{door{Listen: "127.0.0.1:8320", TLSCert: "cert.pem"}, false},
	} {
		if err := c.door.check(); (err == nil) != c.ok {
			t.Errorf("%+v: %v", c.door, err)
		}
	}
}

func TestRecordsElsewhere(t *testing.T) {
	p := place{Data: filepath.Join(t.TempDir(), "ws"), Database: "postgres://guike:secret@db.example/guike"}
	l, _, err := p.claim(false)
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Unlock(); err != nil {
		t.Fatal(err)
	}
	if b, err := os.ReadFile(p.file("guike.json")); err != nil || strings.Contains(string(b), "secret") {
		t.Errorf("guike.json: %s, %v", b, err)
	}
	if _, _, err := (place{Data: p.Data}).claim(false); err == nil || !strings.Contains(err.Error(), "--database") {
		t.Errorf("without the database: %v", err)
	}
}

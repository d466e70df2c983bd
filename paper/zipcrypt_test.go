package paper

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// Archives encrypted by other programs (zip.js and Info-ZIP) are opened by their password, and by no other; without one each entry says that it needs it.
func TestEncryptedZip(t *testing.T) {
	files, err := filepath.Glob("testdata/zip/*.zip")
	if err != nil || len(files) < 7 {
		t.Fatalf("%v, %d files", err, len(files))
	}
	count := func(data []byte, password string) (opened, plain, locked, wrong, other int, last []byte) {
		t.Helper()
		r, err := readZip(data, password)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range r.Parts {
			switch {
			case p.Unlocked:
				opened++
				last = p.Data
			case p.Reason == "":
				plain++
			case p.Reason == LockedPart:
				locked++
			case p.Reason == WrongPassword:
				wrong++
			default:
				other++
			}
		}
		return opened, plain, locked, wrong, other, last
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Base(file)
		if o, _, l, w, x, _ := count(data, ""); o != 0 || l != 2 || w != 0 || x != 0 {
			t.Errorf("%s without: %d opened, %d locked, %d wrong, %d else", name, o, l, w, x)
		}
		for _, not := range []string{"guike-2025", "x", "乙"} {
			if o, _, l, w, x, _ := count(data, not); o != 0 || l != 0 || w != 2 || x != 0 {
				t.Errorf("%s by %s: %d opened, %d locked, %d wrong, %d else", name, not, o, l, w, x)
			}
		}
		if name == "two.zip" {
			for password, want := range map[string]string{"jia": "甲方的文件", "yi": "乙方的文件"} {
				if o, _, _, w, _, b := count(data, password); o != 1 || w != 1 || string(b) != want {
					t.Errorf("two.zip by %s: %d opened, %d wrong: %s", password, o, w, b)
				}
			}
			continue
		}
		password := map[string]string{"utf8.zip": "乙方密码", "gbk.zip": "乙方密码"}[name]
		if password == "" {
			password = "guike-2026"
		}
		if o, _, l, w, x, b := count(data, password); o != 2 || l+w+x != 0 || len(b) == 0 {
			t.Errorf("%s: %d opened, %d locked, %d wrong, %d else", name, o, l, w, x)
		}
		// A byte that was changed is never taken for what was meant.
		for i := 40; i < len(data); i += 7 {
			bad := bytes.Clone(data)
			bad[i] ^= 0x10
			r, err := readZip(bad, password)
			for _, p := range r.Parts {
				if err == nil && p.Unlocked && p.Name != "b.txt" && !bytes.Contains(p.Data, []byte("买卖合同")) && !bytes.Contains(p.Data, []byte("附件一")) && !bytes.Contains(p.Data, []byte("Info-ZIP")) && !bytes.Contains(p.Data, []byte("方的文件")) {
					t.Fatalf("%s with byte %d changed: %q", name, i, p.Data)
				}
			}
		}
	}
}

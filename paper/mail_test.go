package paper

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

func gbk(s string) string {
	out, err := simplifiedchinese.GB18030.NewEncoder().String(s)
	if err != nil {
		panic(err)
	}
	return out
}

func percent(s string) string {
	var b strings.Builder
	for i := range len(s) {
		fmt.Fprintf(&b, "%%%02X", s[i])
	}
	return b.String()
}

const letterHead = "Received: from mx by here; Mon, 2 Mar 2026 10:00:01 +0800\r\nMessage-ID: <abc@client.example>\r\nDate: Mon, 2 Mar 2026 10:00:00 +0800\r\nMIME-Version: 1.0\r\n"

// chineseMail is a mail as Chinese mailers write it: a subject whose encoded words part a character, names in several ways, and a mail in the mail.
func chineseMail() []byte {
	subject := gbk("合同续签")
	big5, err := traditionalchinese.Big5.NewEncoder().String("內文")
	if err != nil {
		panic(err)
	}
	b64 := base64.StdEncoding.EncodeToString
	return []byte(letterHead +
		"From: =?gb2312?B?" + b64([]byte(gbk("文佳然"))) + "?= <Wen@Client.example>\r\nTo: \"sales\" <us@ours.example>\r\n" +
		"Subject: =?GB2312?B?" + b64([]byte(subject[:3])) + "?=\r\n =?GB2312?B?" + b64([]byte(subject[3:])) + "?=\r\n" +
		"Content-Type: multipart/mixed; boundary=\"b\"\r\n\r\n" +
		"--b\r\nContent-Type: multipart/alternative; boundary=c\r\n\r\n" +
		"--c\r\nContent-Type: text/plain; charset=gb18030\r\nContent-Transfer-Encoding: base64\r\n\r\n" + b64([]byte(gbk("您好，请续签。"))) + "\r\n" +
		"--c\r\nContent-Type: text/html; charset=gbk\r\n\r\n<p>不用</p>\r\n--c--\r\n" +
		"--b\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; filename*0*=gb18030''" + percent(gbk("报")) + "; filename*1*=" + percent(gbk("价.txt")) + "\r\n\r\nprice\r\n" +
		"--b\r\nContent-Type: text/plain; name=\"=?big5?B?" + b64([]byte(big5)) + "?=.txt\"\r\nContent-Disposition: attachment\r\n\r\nbig\r\n" +
		"--b\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; filename=\"" + gbk("原样.txt") + "\"\r\n\r\nraw\r\n" +
		"--b\r\nContent-Type: message/rfc822\r\n\r\nFrom: a@b.example\r\nTo: c@d.example\r\nSubject: inner\r\nDate: Mon, 2 Mar 2026 09:00:00 +0800\r\n\r\ninner words\r\n" +
		"--b--\r\n")
}

func held(r Reading) (out []string) {
	for _, p := range r.Parts {
		out = append(out, p.Name+p.Reason)
	}
	return out
}

func TestMail(t *testing.T) {
	r, err := readAs(chineseMail(), "")
	if err != nil {
		t.Fatal(err)
	}
	m := r.Mail
	if m.Subject != "合同续签" || m.From != "wen@client.example" || !slices.Equal(m.To, []string{"us@ours.example"}) || m.ID != "abc@client.example" || m.Text != "您好，请续签。" || !m.Relayed || !m.Sent.Equal(time.Date(2026, 3, 2, 2, 0, 0, 0, time.UTC)) {
		t.Errorf("%+v", m)
	}
	if want := []string{"报价.txt", "內文.txt", "原样.txt", "附件4.eml"}; !slices.Equal(held(r), want) || string(r.Parts[0].Data) != "price" {
		t.Errorf("parts %q", held(r))
	}
	if !strings.Contains(r.Pages[0].Text, "文佳然") || !r.Plain {
		t.Errorf("text %q", r.Pages[0].Text)
	}
	if mime, _ := sniff(r.Parts[3].Data); mime != mimeMail {
		t.Errorf("the mail in the mail is %s", mime)
	}
	r, err = readAs([]byte(letterHead+"From: "+gbk("甲")+" <a@b.example>\r\nSubject: "+gbk("原样主题")+"\r\nContent-Type: multipart/related; boundary=b\r\n\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>看图<img src=\"cid:logo\"></p>\r\n--b\r\nContent-Type: image/png; name=logo.png\r\nContent-Id: <logo>\r\n\r\nx\r\n--b\r\nContent-Type: image/png; name=photo.png\r\nContent-Id: <photo>\r\n\r\ny\r\n--b"), "")
	if err != nil || r.Mail.Subject != "原样主题" || r.Mail.Text != "看图" || !slices.Equal(held(r), []string{"…damaged", "logo.pnginline", "photo.png"}) {
		t.Errorf("%+v %q %v", r.Mail, held(r), err)
	}
	deep := letterHead + "From: a@b.example\r\n"
	for i := range 40 {
		deep += fmt.Sprintf("Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n", i, i)
	}
	var re *ReadError
	if _, err = readAs([]byte(deep), ""); !errors.As(err, &re) || re.Code != "too_large" {
		t.Errorf("multiparts without end: %v", err)
	}
	if mime, _ := sniff([]byte("From: here\nto: there\n\nand back, a tale\n")); mime != "text/plain" {
		t.Errorf("a text is %s", mime)
	}
}

// compound writes a compound file ([MS-CFB] version 3) of short streams, named by their paths.
func compound(streams map[string][]byte) []byte {
	type entry struct {
		name           string
		dir            bool
		data           []byte
		child, sibling uint32
		start          uint32
	}
	const none = 0xFFFFFFFF
	entries := []*entry{{name: "Root Entry", dir: true, child: none, sibling: none}}
	at := map[string]int{"": 0}
	var add func(path string, data []byte, dir bool) int
	add = func(path string, data []byte, dir bool) int {
		if i, ok := at[path]; ok {
			return i
		}
		parent, name := "", path
		if i := strings.LastIndexByte(path, '/'); i >= 0 {
			parent, name = path[:i], path[i+1:]
		}
		up := entries[add(parent, nil, true)]
		entries = append(entries, &entry{name: name, dir: dir, data: data, child: none, sibling: up.child})
		up.child = uint32(len(entries) - 1)
		at[path] = len(entries) - 1
		return at[path]
	}
	paths := make([]string, 0, len(streams))
	for p := range streams {
		paths = append(paths, p)
	}
	slices.Sort(paths)
	var mini, miniFAT []byte
	le := binary.LittleEndian
	for _, p := range paths {
		e := entries[add(p, streams[p], false)]
		e.start = uint32(len(mini) / 64)
		n := (len(e.data) + 63) / 64
		mini = append(append(mini, e.data...), make([]byte, n*64-len(e.data))...)
		for i := range n {
			next := e.start + uint32(i) + 1
			if i == n-1 {
				next = 0xFFFFFFFE
			}
			miniFAT = le.AppendUint32(miniFAT, next)
		}
	}
	var dir []byte
	for _, e := range entries {
		b := make([]byte, 128)
		copy(b, utf16le(e.name))
		le.PutUint16(b[64:], uint16(2*len(utf16.Encode([]rune(e.name)))+2))
		b[66] = 2
		if e.dir {
			b[66] = 1
		}
		le.PutUint32(b[68:], none)
		le.PutUint32(b[72:], e.sibling)
		le.PutUint32(b[76:], e.child)
		le.PutUint32(b[116:], e.start)
		le.PutUint32(b[120:], uint32(len(e.data)))
		dir = append(dir, b...)
	}
	pad := func(b []byte, fill byte) []byte {
		for len(b)%512 != 0 {
			b = append(b, fill)
		}
		return b
	}
	dir, mini, miniFAT = pad(dir, 0), pad(mini, 0), pad(miniFAT, 0xFF)
	dir[66] = 5
	// Sectors: the FAT, then folders, the short streams' table, and the short streams.
	fatAt, dirAt := uint32(0), uint32(1)
	miniFATAt := dirAt + uint32(len(dir)/512)
	miniAt := miniFATAt + uint32(len(miniFAT)/512)
	le.PutUint32(dir[116:], miniAt)
	le.PutUint32(dir[120:], uint32(len(mini)))
	fat := le.AppendUint32(nil, 0xFFFFFFFD)
	for _, n := range []int{len(dir) / 512, len(miniFAT) / 512, len(mini) / 512} {
		for i := range n {
			next := uint32(len(fat)/4) + 1
			if i == n-1 {
				next = 0xFFFFFFFE
			}
			fat = le.AppendUint32(fat, next)
		}
	}
	fat = pad(fat, 0xFF)
	h := make([]byte, 512)
	copy(h, cfb)
	le.PutUint16(h[24:], 0x3E)
	le.PutUint16(h[26:], 3)
	le.PutUint16(h[28:], 0xFFFE)
	le.PutUint16(h[30:], 9)
	le.PutUint16(h[32:], 6)
	le.PutUint32(h[44:], 1)
	le.PutUint32(h[48:], dirAt)
	le.PutUint32(h[56:], 4096)
	le.PutUint32(h[60:], miniFATAt)
	le.PutUint32(h[64:], uint32(len(miniFAT)/512))
	le.PutUint32(h[68:], 0xFFFFFFFE)
	for i := 76; i < 512; i += 4 {
		le.PutUint32(h[i:], none)
	}
	le.PutUint32(h[76:], fatAt)
	return slices.Concat(h, fat, dir, miniFAT, mini)
}

func outlook() []byte {
	const p = "__substg1.0_"
	fixed := make([]byte, 32, 64)
	fixed = binary.LittleEndian.AppendUint32(fixed, tagSubmitted)
	fixed = append(fixed, 6, 0, 0, 0)
	fixed = binary.LittleEndian.AppendUint64(fixed, uint64(time.Date(2026, 3, 2, 2, 0, 0, 0, time.UTC).UnixMicro()+11644473600_000_000)*10)
	fixed = binary.LittleEndian.AppendUint32(fixed, tagCodepage)
	fixed = append(fixed, 6, 0, 0, 0, 936&0xFF, 936>>8, 0, 0, 0, 0, 0, 0)
	return compound(map[string][]byte{
		"__properties_version1.0": fixed, p + "0037001F": utf16le("续签"), p + "1000001E": []byte(gbk("您好")), p + "0C1A001F": utf16le("文佳然"), p + "5D01001F": utf16le("wen@client.example"),
		p + "1035001F": utf16le("<abc@client.example>"),
		"__recip_version1.0_#00000000/" + p + "39FE001F": utf16le("us@ours.example"), "__recip_version1.0_#00000000/" + p + "3001001F": utf16le("我们"),
		"__attach_version1.0_#00000000/" + p + "37010102": []byte("price"), "__attach_version1.0_#00000000/" + p + "3707001F": utf16le("报价.txt"),
		"__attach_version1.0_#00000001/" + p + "3001001F": utf16le("转来"), "__attach_version1.0_#00000001/" + p + "3701000D/" + p + "1000001F": utf16le("里面的话"),
	})
}

func TestOutlook(t *testing.T) {
	r, err := readAs(outlook(), "")
	if err != nil {
		t.Fatal(err)
	}
	m := r.Mail
	if m.Subject != "续签" || m.From != "wen@client.example" || !slices.Equal(m.To, []string{"us@ours.example"}) || m.ID != "abc@client.example" || !strings.Contains(m.Text, "您好") || !strings.Contains(m.Text, "里面的话") || !m.Sent.Equal(time.Date(2026, 3, 2, 2, 0, 0, 0, time.UTC)) {
		t.Errorf("%+v", m)
	}
	if !slices.Equal(held(r), []string{"报价.txt"}) || string(r.Parts[0].Data) != "price" {
		t.Errorf("%q", held(r))
	}
}

// rawZip is an archive whose names are written as they are.
func rawZip(t testing.TB, entries ...zip.FileHeader) []byte {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, h := range entries {
		e, err := w.CreateRaw(&h)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := e.Write([]byte("abc")[:h.CompressedSize64]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func stored3(name string, flags uint16) zip.FileHeader {
	return zip.FileHeader{Name: name, Flags: flags, NonUTF8: true, CRC32: 0x352441C2, CompressedSize64: 3, UncompressedSize64: 3}
}

func TestArchive(t *testing.T) {
	link := stored3("link", 0)
	link.SetMode(fs.ModeSymlink | 0o777)
	link.Flags = 0
	odd := stored3("odd.txt", 0)
	odd.Method = 12
	broken := stored3("broken.txt", 0)
	broken.CRC32 = 1
	r, err := readAs(rawZip(t, stored3(gbk("客户/名单.txt"), 0), stored3("../../etc/passwd", 0), stored3(`C:\x.txt`, 0), stored3("/abs", 0), stored3("__MACOSX/._a", 0), stored3("secret.txt", 1), link, odd, broken,
		zip.FileHeader{Name: "dir/"}, zip.FileHeader{Name: "nothing.txt"}, stored3("utf8 名.txt", 0x800)), "")
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"客户/名单.txt", "../../etc/passwdbad_name", "C:/x.txtbad_name", "/absbad_name", "__MACOSX/._aclutter", "secret.txtlocked_part", "linkbad_name", "odd.txtmethod", "broken.txtdamaged", "nothing.txtempty", "utf8 名.txt"}; !slices.Equal(held(r), want) {
		t.Errorf("%q", held(r))
	}
	bomb := map[string]string{"ok.txt": "abc"}
	for i := range 8 {
		bomb[fmt.Sprintf("zero%d", i)] = strings.Repeat("\x00", 48<<20)
	}
	start := time.Now()
	if r, err = readAs(zipped(t, bomb), ""); err != nil || len(r.Parts) != 9 {
		t.Fatalf("%d parts, %v", len(r.Parts), err)
	}
	for _, p := range r.Parts {
		if (p.Reason == "") != (p.Name == "ok.txt") {
			t.Errorf("%s: %q", p.Name, p.Reason)
		}
	}
	t.Logf("a bomb of 384 MB, made and refused in %s", time.Since(start))
	many := map[string]string{}
	for i := range maxParts + 5 {
		many[fmt.Sprintf("%04d", i)] = "x"
	}
	if r, err = readAs(zipped(t, many), ""); err != nil || len(r.Parts) != maxParts+1 || r.Parts[maxParts].Reason != "too_many_parts" {
		t.Errorf("%d parts, %v", len(r.Parts), err)
	}
	var re *ReadError
	if _, err = readAs(zipped(t, many)[:9000], ""); !errors.As(err, &re) || re.Code != "damaged" {
		t.Errorf("a cut archive: %v", err)
	}
}

func FuzzMail(f *testing.F) {
	f.Add(chineseMail())
	f.Add([]byte("From: a\r\nTo: b\r\nDate: x\r\nContent-Type: multipart/mixed; boundary=\"\"\r\n\r\n--\r\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		_, _ = readMail(data)
		_ = param(string(data), "filename")
	})
}

func FuzzOutlook(f *testing.F) {
	f.Add(outlook())
	f.Fuzz(func(t *testing.T, data []byte) { _, _ = readMSG(data) })
}

func FuzzZip(f *testing.F) {
	f.Add(rawZip(f, stored3("a", 0), stored3(gbk("名"), 0)))
	f.Fuzz(func(t *testing.T, data []byte) { _, _ = readZip(data, "密码") })
}

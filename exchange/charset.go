package exchange

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"unicode/utf8"

	"guike/record"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// The character sets that tables come in.
const (
	utf8Set  = "utf-8"
	gbSet    = "gb18030"
	utf16le  = "utf-16le"
	utf16be  = "utf-16be"
	maxLine  = 4 << 20 // bytes of one line
	maxBytes = 512 << 20
)

// MaxTable is the largest file that is read as a table, in bytes.
const MaxTable = maxBytes

// ErrTooLarge refuses a file beyond MaxTable, or one that unfolds to more than is read.
var ErrTooLarge = &record.Error{Code: record.TooLarge, Message: "error.table_too_large", Fields: map[string]string{"file": "512 MiB"}}

// charsetOf finds in which character set a file is written: its byte order mark, else UTF-8 where most lines that are not plain ASCII are valid in it, else
// GB18030. It reads all of r: the first Chinese line may be the last.
func charsetOf(r io.Reader) (string, error) {
	b := bufio.NewReaderSize(r, 1<<16)
	head, err := b.Peek(3)
	if err != nil && err != io.EOF {
		return "", err
	}
	switch {
	case bytes.HasPrefix(head, []byte{0xEF, 0xBB, 0xBF}):
		return utf8Set, nil
	case bytes.HasPrefix(head, []byte{0xFF, 0xFE}):
		return utf16le, nil
	case bytes.HasPrefix(head, []byte{0xFE, 0xFF}):
		return utf16be, nil
	}
	good, bad := 0, 0
	for {
		line, err := b.ReadSlice('\n')
		switch {
		case isASCII(line):
		case utf8.Valid(line) || errors.Is(err, bufio.ErrBufferFull) && utf8.Valid(line[:len(line)-partial(line)]):
			good++
		default:
			bad++
		}
		if err == io.EOF {
			break
		}
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return "", err
		}
	}
	if bad > good {
		return gbSet, nil
	}
	return utf8Set, nil
}

// partial is how many bytes at the end of b are the beginning of a character.
func partial(b []byte) int {
	for i := 1; i <= min(3, len(b)); i++ {
		if c := b[len(b)-i]; utf8.RuneStart(c) {
			if !utf8.FullRune(b[len(b)-i:]) {
				return i
			}
			return 0
		}
	}
	return 0
}

func isASCII(b []byte) bool {
	for _, c := range b {
		if c >= 0x80 {
			return false
		}
	}
	return true
}

// A line is one physical line of a text file, decoded, without its end.
type line struct {
	no   int
	text string
	cr   bool   // a carriage return stood before the line's end
	odd  string // "": in the file's character set; else the issue
}

// A liner reads a text file line by line. Each line is decoded by itself, so that a file glued together from two character sets is read right and the odd
// lines are known.
type liner struct {
	b    *bufio.Reader
	set  string
	no   int
	dec  *encoding.Decoder
	back []line // put back to be read again
}

func newLiner(r io.Reader, set string) (*liner, error) {
	switch set {
	case utf16le:
		r = transform.NewReader(r, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder())
	case utf16be:
		r = transform.NewReader(r, unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewDecoder())
	}
	l := &liner{b: bufio.NewReaderSize(r, 1<<16), set: set, dec: simplifiedchinese.GB18030.NewDecoder()}
	if head, err := l.b.Peek(3); err == nil && bytes.Equal(head, []byte{0xEF, 0xBB, 0xBF}) {
		if _, err := l.b.Discard(3); err != nil {
			return nil, err
		}
	}
	return l, nil
}

// next answers the next line, io.EOF after the last.
func (l *liner) next() (line, error) {
	if n := len(l.back); n > 0 {
		x := l.back[n-1]
		l.back = l.back[:n-1]
		return x, nil
	}
	var raw []byte
	for {
		part, err := l.b.ReadSlice('\n')
		if raw == nil && err == nil {
			raw = part
			break
		}
		raw = append(raw, part...)
		if err == io.EOF && len(raw) == 0 {
			return line{}, io.EOF
		}
		if err == nil || err == io.EOF {
			break
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return line{}, err
		}
		if len(raw) > maxLine {
			return line{}, &record.Error{Code: record.Invalid, Message: "error.line_too_long"}
		}
	}
	l.no++
	raw = bytes.TrimSuffix(raw, []byte("\n"))
	raw, cr := bytes.CutSuffix(raw, []byte("\r"))
	x := l.decode(raw)
	x.cr = cr
	return x, nil
}

func (l *liner) decode(raw []byte) line {
	x := line{no: l.no}
	if isASCII(raw) {
		x.text = string(raw)
		return x
	}
	valid := utf8.Valid(raw)
	if l.set != gbSet && valid || l.set == gbSet && valid && threes(raw) > 1 {
		// A line of GB18030 that is valid UTF-8 with several three-byte characters is not GB18030: chance does not make two.
		x.text = string(raw)
		if l.set == gbSet {
			x.odd = issueCharset
		}
		return x
	}
	text, err := l.dec.Bytes(raw)
	if err != nil || bytes.ContainsRune(text, utf8.RuneError) {
		x.text, x.odd = string(bytes.ToValidUTF8(raw, []byte("\uFFFD"))), issueUnreadable
		return x
	}
	x.text = string(text)
	if l.set != gbSet {
		x.odd = issueCharset
	}
	return x
}

// threes counts the characters of three bytes or more.
func threes(b []byte) int {
	n := 0
	for _, c := range b {
		if c >= 0xE0 {
			n++
		}
	}
	return n
}

// encoded writes text back in a file's own character set; what the set cannot hold becomes "?".
func encoded(w io.Writer, set string) io.Writer {
	switch set {
	case gbSet:
		return transform.NewWriter(w, encoding.ReplaceUnsupported(simplifiedchinese.GB18030.NewEncoder()))
	case utf16le:
		return transform.NewWriter(w, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder())
	case utf16be:
		return transform.NewWriter(w, unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder())
	}
	return w
}

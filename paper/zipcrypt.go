package paper

import (
	"archive/zip"
	"compress/flate"
	"crypto/aes"
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/sha1"
	"crypto/subtle"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
)

// Encrypted entries of an archive: by the old cipher of PKWARE (APPNOTE 6.3, 6.1) and by that of WinZip (AE-1 and AE-2, www.winzip.com/en/support/aes-encryption).

// errPassword says that a password does not open an entry.
var errPassword = errors.New("wrong password")

const methodAES = 99

// encrypted reports whether an entry is, and by what it is packed below that; ok is false where the cipher is none of ours.
func encrypted(f *zip.File) (locked, ok bool, method uint16) {
	if f.Flags&1 == 0 {
		return false, true, f.Method
	}
	if f.Flags&0x40 != 0 { // PKWARE's strong encryption, which is patented and closed
		return true, false, 0
	}
	if f.Method != methodAES {
		return true, true, f.Method
	}
	a := aesField(f)
	if a == nil {
		return true, false, 0
	}
	return true, true, binary.LittleEndian.Uint16(a[5:])
}

// aesField is the extra field 0x9901: version, vendor AE, strength, method; nil where there is none that is whole.
func aesField(f *zip.File) []byte {
	for e := f.Extra; len(e) >= 4; {
		id, size := binary.LittleEndian.Uint16(e), int(binary.LittleEndian.Uint16(e[2:]))
		if size > len(e)-4 {
			return nil
		}
		if b := e[4 : 4+size]; id == 0x9901 && size >= 7 && string(b[2:4]) == "AE" && b[4] >= 1 && b[4] <= 3 {
			return b
		}
		e = e[4+size:]
	}
	return nil
}

// unseal opens an encrypted entry. Its reader fails with errPassword where the password is found wrong only while reading: the old cipher has one byte to tell it by.
func unseal(f *zip.File, password string, method uint16) (io.ReadCloser, error) {
	raw, err := f.OpenRaw()
	if err != nil {
		return nil, err
	}
	var r io.Reader
	sum := true
	if f.Method == methodAES {
		a := aesField(f)
		sum = binary.LittleEndian.Uint16(a) == 1 // AE-2 has none: it would tell of what is in small files
		if r, err = unsealAES(raw, int(a[4]), password); err != nil {
			return nil, err
		}
	} else {
		k := newZipKeys(password)
		var head [12]byte
		if _, err := io.ReadFull(raw, head[:]); err != nil {
			return nil, err
		}
		k.decrypt(head[:])
		check := byte(f.CRC32 >> 24)
		if f.Flags&8 != 0 {
			check = byte(f.ModifiedTime >> 8) //nolint:staticcheck // the field as it stands in the file is what is checked
		}
		if head[11] != check {
			return nil, errPassword
		}
		r = &oldCipher{raw, k}
	}
	var out io.ReadCloser = io.NopCloser(r)
	if method == zip.Deflate {
		out = flate.NewReader(r)
	}
	if f.Method == methodAES && !sum {
		return out, nil
	}
	return &summed{ReadCloser: out, want: f.CRC32, old: f.Method != methodAES}, nil
}

// unsealAES reads an entry of salt, check, ciphertext and code. The code is proved before anything is unpacked.
func unsealAES(raw io.Reader, strength int, password string) (io.Reader, error) {
	salt, size := 4+4*strength, 8+8*strength
	b, err := io.ReadAll(io.LimitReader(raw, MaxFile+64))
	if err != nil {
		return nil, err
	}
	if len(b) < salt+2+10 {
		return nil, io.ErrUnexpectedEOF
	}
	key, err := pbkdf2.Key(sha1.New, password, b[:salt], 1000, 2*size+2)
	if err != nil {
		return nil, err
	}
	if subtle.ConstantTimeCompare(key[2*size:], b[salt:salt+2]) == 0 {
		return nil, errPassword
	}
	text, code := b[salt+2:len(b)-10], b[len(b)-10:]
	mac := hmac.New(sha1.New, key[size:2*size])
	mac.Write(text)
	if !hmac.Equal(mac.Sum(nil)[:10], code) {
		return nil, errPassword // one in 65,536 wrong passwords passes the check; or the entry was changed
	}
	c, err := aes.NewCipher(key[:size])
	if err != nil {
		return nil, err
	}
	return &counterCipher{text: text, block: c.Encrypt, at: aes.BlockSize}, nil
}

// counterCipher is AES in counter mode with WinZip's counter: little-endian, from 1.
type counterCipher struct {
	text  []byte
	block func(dst, src []byte)
	n     uint64
	pad   [aes.BlockSize]byte
	at    int // used of pad
}

func (c *counterCipher) Read(b []byte) (int, error) {
	if len(c.text) == 0 {
		return 0, io.EOF
	}
	n := min(len(b), len(c.text))
	for i := range n {
		if c.at == aes.BlockSize {
			c.n++
			var counter [aes.BlockSize]byte
			binary.LittleEndian.PutUint64(counter[:], c.n)
			c.block(c.pad[:], counter[:])
			c.at = 0
		}
		b[i] = c.text[i] ^ c.pad[c.at]
		c.at++
	}
	c.text = c.text[n:]
	return n, nil
}

// zipKeys are the state of PKWARE's old cipher.
type zipKeys [3]uint32

func newZipKeys(password string) *zipKeys {
	k := &zipKeys{0x12345678, 0x23456789, 0x34567890}
	for _, c := range []byte(password) {
		k.turn(c)
	}
	return k
}

func (k *zipKeys) turn(c byte) {
	k[0] = crc32.IEEETable[byte(k[0])^c] ^ k[0]>>8
	k[1] = (k[1]+k[0]&0xff)*134775813 + 1
	k[2] = crc32.IEEETable[byte(k[2])^byte(k[1]>>24)] ^ k[2]>>8
}

func (k *zipKeys) decrypt(b []byte) {
	for i, c := range b {
		t := k[2]&0xffff | 2
		c ^= byte(t * (t ^ 1) >> 8)
		k.turn(c)
		b[i] = c
	}
}

type oldCipher struct {
	r io.Reader
	k *zipKeys
}

func (o *oldCipher) Read(b []byte) (int, error) {
	n, err := o.r.Read(b)
	o.k.decrypt(b[:n])
	return n, err
}

// summed fails at its end where the bytes are not those of the checksum. Of the old cipher any fault may be the password's.
type summed struct {
	io.ReadCloser
	sum, want uint32
	old       bool
}

func (s *summed) Read(b []byte) (int, error) {
	n, err := s.ReadCloser.Read(b)
	s.sum = crc32.Update(s.sum, crc32.IEEETable, b[:n])
	if err == io.EOF && s.sum != s.want {
		err = zip.ErrChecksum
	}
	if err != nil && err != io.EOF && s.old {
		err = errPassword
	}
	return n, err
}

package paper

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

const MimeZip = "application/zip"

// What a container may unfold to.
const (
	maxParts    = 2000
	maxUnpacked = 128 << 20
	maxRatio    = 200     // an entry's bytes to one packed byte,
	ratioFree   = 1 << 20 // above this many
)

// Why an encrypted part was not taken.
const (
	LockedPart    = "locked_part"
	WrongPassword = "password"
)

// A parcel gathers the parts of a container within its limits.
type parcel struct {
	parts []Part
	left  int64 // bytes that may still be unpacked
	over  int   // parts beyond the number that is listed
}

func newParcel() *parcel { return &parcel{left: maxUnpacked} }

func (p *parcel) refuse(name string, size int64, code, format string, args ...any) {
	if len(p.parts) >= maxParts {
		p.over++
		return
	}
	p.parts = append(p.parts, Part{Name: Clip(name, 500), Size: size, Reason: code, Detail: fmt.Sprintf(format, args...)})
}

// take reads a part: no more of it than its packed size may honestly unfold to. What a refused one unfolded to counts too.
func (p *parcel) take(name string, r io.Reader, packed int64, locked bool) {
	if len(p.parts) >= maxParts {
		p.over++
		return
	}
	limit := min(int64(MaxFile), p.left, packed*maxRatio+ratioFree)
	data, err := io.ReadAll(io.LimitReader(r, limit+1))
	n := int64(len(data))
	p.left = max(0, p.left-n)
	switch {
	case n > limit && limit == packed*maxRatio+ratioFree:
		p.refuse(name, n, "ratio", "压缩比超过 %d 倍，疑似压缩炸弹，未解开", maxRatio)
	case n > limit && limit == MaxFile:
		p.refuse(name, n, "too_large", "文件超过 %d MB", MaxFile>>20)
	case n > limit:
		p.refuse(name, n, "too_large", "解开的文件合计超过 %d MB", maxUnpacked>>20)
	case errors.Is(err, errPassword):
		p.refuse(name, n, WrongPassword, "密码不对")
	case err != nil:
		p.refuse(name, n, "damaged", "已损坏，无法解开")
	case n == 0:
		p.refuse(name, 0, "empty", "文件是空的（0 字节）")
	default:
		p.parts = append(p.parts, Part{Name: Clip(name, 500), Size: n, Data: slices.Clip(data), Unlocked: locked})
	}
}

// list closes the parcel: what went beyond it is said in its last line.
func (p *parcel) list() []Part {
	if p.over > 0 {
		p.parts = append(p.parts, Part{Name: "…", Reason: "too_many_parts", Detail: fmt.Sprintf("另有 %d 个文件未解开：最多 %d 个", p.over, maxParts)})
	}
	return p.parts
}

// readZip lists an archive (PKWARE APPNOTE 6.3) and unpacks its files into memory: no name in it ever becomes a path.
// Encrypted ones are opened by the password, where one is given.
func readZip(data []byte, password string) (Reading, error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return Reading{Mime: MimeZip}, readError("damaged", "压缩文件不完整或已损坏：请重新获取后上传")
	}
	p := newParcel()
	for _, f := range z.File {
		name := strings.ReplaceAll(zipName(f), `\`, "/")
		size := int64(min(f.UncompressedSize64, 1<<50))
		locked, ours, method := encrypted(f)
		switch {
		case strings.HasSuffix(name, "/"):
		case !f.Mode().IsRegular():
			p.refuse(name, size, "bad_name", "不是普通文件（链接或设备）")
		case strings.HasPrefix(name, "/") || len(name) > 1 && name[1] == ':' || slices.Contains(strings.Split(name, "/"), ".."):
			p.refuse(name, size, "bad_name", "文件名指向压缩包以外，已拒绝")
		case clutter(name):
			p.refuse(name, size, "clutter", "系统自动生成的文件，未收")
		case !ours:
			p.refuse(name, size, "cipher", "加密方式不支持：请解压后上传")
		case locked && password == "":
			p.refuse(name, size, LockedPart, "已加密，需要密码")
		case method != zip.Store && method != zip.Deflate:
			p.refuse(name, size, "method", "压缩方式（%d）不支持：请用普通 ZIP 重新压缩", method)
		default:
			var r io.ReadCloser
			if locked {
				r, err = unseal(f, password, method)
				if gbk, e := simplifiedchinese.GB18030.NewEncoder().String(password); errors.Is(err, errPassword) && e == nil && gbk != password {
					r, err = unseal(f, gbk, method) // as older Chinese programs wrote it
				}
			} else {
				r, err = f.Open()
			}
			if errors.Is(err, errPassword) {
				p.refuse(name, size, WrongPassword, "密码不对")
				continue
			}
			if err != nil {
				p.refuse(name, size, "damaged", "已损坏，无法解开")
				continue
			}
			p.take(name, r, int64(min(f.CompressedSize64, uint64(len(data)))), locked)
			r.Close()
		}
	}
	s := newSheaf()
	parts := p.list()
	for _, x := range parts {
		s.add(x.line() + "\n")
	}
	r := s.reading(MimeZip)
	r.Parts = parts
	return r, nil
}

func (p Part) line() string {
	if p.Reason == "" {
		return p.Name
	}
	return p.Name + "（" + p.Detail + "）"
}

// zipName is an entry's name. An archive that does not say UTF-8 was made by an older Chinese program, whose names are GBK; the Unicode Path field
// (APPNOTE 4.6.9) is believed where it belongs to the name.
func zipName(f *zip.File) string {
	for e := f.Extra; len(e) >= 4; {
		id, size := int(e[0])|int(e[1])<<8, int(e[2])|int(e[3])<<8
		if size > len(e)-4 {
			break
		}
		if b := e[4 : 4+size]; id == 0x7075 && size > 5 && utf8.Valid(b[5:]) {
			if sum := uint32(b[1]) | uint32(b[2])<<8 | uint32(b[3])<<16 | uint32(b[4])<<24; sum == crc32.ChecksumIEEE([]byte(f.Name)) {
				return string(b[5:])
			}
		}
		e = e[4+size:]
	}
	if utf8.ValidString(f.Name) {
		return f.Name
	}
	s, err := simplifiedchinese.GB18030.NewDecoder().String(f.Name)
	if err != nil {
		return strings.ToValidUTF8(f.Name, "�")
	}
	return s
}

// clutter is what systems put into archives unasked.
func clutter(name string) bool {
	base := strings.ToLower(path.Base(name))
	return strings.HasPrefix(name, "__MACOSX/") || base == ".ds_store" || base == "thumbs.db" || base == "desktop.ini"
}

package exchange_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"guike"
	"guike/exchange"
	"guike/record"
	"guike/store"
	"guike/store/storetest"
)

// mt is a day's statement: 1000.00 to begin with.
func mt(account, no, lines, closing string) string {
	return "{1:F01BKCHCNBJA300}{2:O9400900260109}{4:\r\n:20:ST" + no + "\r\n:25:" + account + "\r\n:28C:" + no + "/1\r\n:60F:C260108CNY1000,00\r\n" + lines + ":62F:C260109CNY" + closing + "\r\n:86:end of day\r\n-}\r\n"
}

const someLines = ":61:2601090109C500,00NTRFINV-7//B0001\r\n:86:对方户名：文佳然商贸（上海）有限公司 对方账号：6222020000000000017\r\n 摘要：货款\r\n" +
	":61:260109D20,5NCHGNONREF\r\n:86:手续费\r\n" + // no entry date, no reference of the bank
	":61:2601090109RC500,NTRFINV-7//B0001\r\nreturned\r\n:86:?00RETURN?20SVWZ wrong ?21account?31DE02120300000000202051?32Acme GmbH\r\n" +
	":61:2512310102RD20,50FCHG\r\n" // no reference, no :86:; booked in the new year

// entries lists what was booked, oldest row first.
func entries(t *testing.T, db *store.DB) (out []string) {
	t.Helper()
	page, err := db.List(context.Background(), owner(), store.Query{Kind: "entry", Sort: "created_at", Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range page.Records {
		e := r.(*guike.Entry)
		a, err := db.Get(context.Background(), owner(), "account", e.Account)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, fmt.Sprintf("%s %s %s %s %s | %s/%s/%s | %s | %s | %s", a.(*guike.Account).Number, e.BookedOn, e.Direction, e.Amount.Decimal()+e.Amount.Currency, e.Balance.Decimal(), e.CounterName, e.CounterAccount, e.CounterBank, e.Summary, e.Purpose, e.Serial))
	}
	slices.Sort(out)
	return out
}

func reasons(d *desk, id record.ID) (out []string) {
	for _, i := range d.issues(id, "") {
		out = append(out, fmt.Sprintf("%d %s %s %s", i.Row, i.Severity, i.Column, i.Reason))
	}
	slices.Sort(out)
	return out
}

// Several statements of several accounts in one file, in GB18030; taken in, taken in again to no effect, and taken back.
func TestMT940(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		file := []byte(gb(mt("BKCHCNBJ/6222020000000000001CNY", "5", someLines, "1000,00") + mt("6222020000000000002", "9", ":61:260109D1,00NTRFX//B0001\r\n:86:/REMI/年费/CNTP/330102/工商银行/博远信息/\r\n:61:260109D1,00NTRFX//B0001\r\n:86:again\r\n", "998,00")))
		imp := d.take("entry", "s.sta", file, nil)
		if imp.Created != 6 || imp.Rejected+imp.Skipped != 0 || len(reasons(d, imp.ID)) != 0 {
			t.Fatalf("%+v %v", imp, d.issues(imp.ID, ""))
		}
		want := []string{
			"6222020000000000001 2026-01-02 in 20.50CNY 1000.00 | // | 冲正 FCHG |  | 260108/5/1#4",
			"6222020000000000001 2026-01-09 in 500.00CNY 1500.00 | 文佳然商贸（上海）有限公司/6222020000000000017/ | NTRF 货款 |  | B0001",
			"6222020000000000001 2026-01-09 out 20.50CNY 1479.50 | // | NCHG | 手续费 | 260108/5/1#2",
			"6222020000000000001 2026-01-09 out 500.00CNY 979.50 | Acme GmbH/DE02120300000000202051/ | 冲正 NTRF returned RETURN | SVWZ wrong account | B0001",
			"6222020000000000002 2026-01-09 out 1.00CNY 998.00 | // | NTRF | again | B0001#2",
			"6222020000000000002 2026-01-09 out 1.00CNY 999.00 | 博远信息/330102/工商银行 | NTRF | 年费 | B0001",
		}
		if got := entries(t, db); !slices.Equal(got, want) {
			t.Errorf("\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
		if again := d.take("entry", "s.sta", file, nil); again.Created != 0 || again.Rejected != 0 {
			t.Errorf("again: %+v %v", again, d.issues(again.ID, ""))
		}
		if _, _, err := d.Undo(context.Background(), owner(), imp.ID, false, nil); err != nil {
			t.Fatal(err)
		}
		d.drain()
		if got := entries(t, db); len(got) != 0 {
			t.Errorf("after the undo: %v", got)
		}
	})
}

// An MT942 has no balances; what is only expected is not booked.
func TestMT942(t *testing.T) {
	db := storetest.SQLite(t)
	d := open(t, db)
	imp := d.take("entry", "i.txt", []byte(":20:R1\n:25:6222020000000000001\n:28C:5/1\n:34F:USD0,\n:13D:2601091200+0800\n:61:260109C7,NTRFA//B1\n:86:x\n:61:260109EC9,NTRFA//B2\n:86:y\n:90D:0USD0,\n:90C:1USD7,\n"), nil)
	if got := reasons(d, imp.ID); imp.Created != 1 || !slices.Equal(got, []string{"8 reject  pending"}) {
		t.Fatalf("%+v %v", imp, got)
	}
	if got := entries(t, db); !strings.Contains(got[0], "in 7.00USD") {
		t.Error(got)
	}
}

// What is wrong with a statement is said of its row, and the others stand.
func TestBadStatements(t *testing.T) {
	db := storetest.SQLite(t)
	d := open(t, db)
	n := 0
	with := func(lines, closing string) string {
		n++
		return mt(fmt.Sprintf("62220200000000001%02d", n), "1", lines, closing)
	}
	ok := ":61:2601090109C1,00NTRFA//B1\r\n:86:x\r\n"
	cut := with(ok+ok, "1002,00")
	camtCut := someCAMT("6222020000000000088", "1000.00", "1001.00", camtEntry("A1", "1.00", "CRDT", ""))
	for name, c := range map[string]struct {
		text    string
		created int64
		issues  []string
	}{
		"amount of letters": {with(ok+":61:2601090109CxxNTRFA//B2\r\n:86:x\r\n", "1001,00"), 1, []string{"8 reject 贷方发生额 money", "8 warn  balance"}},
		"two commas":        {with(":61:2601090109C1,2,3NTRFA//B2\r\n:86:x\r\n"+ok, "1001,00"), 1, []string{"6 reject 贷方发生额 money", "8 warn  balance"}},
		"too long":          {with(":61:2601090109C99999999999999999,00NTRFA//B2\r\n"+ok, "1001,00"), 1, []string{"6 reject 贷方发生额 money", "7 warn  balance"}},
		"wrong sum":         {with(ok+":61:2601090109D3,00NTRFA//B2\r\n", "1001,00"), 2, []string{"8 warn  balance"}},
		"no such day":       {with(":61:2602300230C1,00NTRFA//B2\r\n"+ok, "1002,00"), 1, []string{"6 reject 交易日期 date"}},
		"no line":           {with(":61:hello\r\n"+ok, "1001,00"), 1, []string{"6 reject 交易日期 date", "6 reject 贷方发生额 money", "7 warn  balance"}},
		"truncated":         {cut[:strings.Index(cut, ":62F")-5], 2, []string{"8 warn  balance"}},
		"broken letters":    {with(":61:2601090109C1,00NTRFA//B2\r\n:86:\xff\xff\r\n"+ok, "1002,00"), 1, []string{"6 reject  unreadable", "8 warn  balance"}},
		"camt cut":          {camtCut[:len(camtCut)-30], 1, []string{"3 reject  broken"}},
		"camt amount":       {someCAMT("6222020000000000089", "1000.00", "1001.00", camtEntry("A1", "1,00", "CRDT", "")), 0, []string{"2 reject 贷方发生额 money", "2 warn  balance"}},
		"camt side":         {someCAMT("6222020000000000087", "1000.00", "1001.00", camtEntry("A1", "1.00", "", "")), 0, []string{"2 reject  broken"}},
		"camt deep":         {strings.Replace(someCAMT("6222020000000000086", "0", "0", "<Ntry>@</Ntry>"), "@", strings.Repeat("<a>", 1_000_000), 1), 0, []string{"2 reject  broken"}},
		"camt deeper":       {strings.Replace(someCAMT("6222020000000000085", "0", "0", ""), "<GrpHdr>", "<GrpHdr>"+strings.Repeat("<a>", 1_000_000), 1), 0, []string{"2 reject  broken"}},
		"camt entity":       {someCAMT("6222020000000000084", "0", "1", camtEntry("&x;", "1.00", "CRDT", "")), 0, []string{"2 reject  broken"}},
	} {
		t.Run(name, func(t *testing.T) {
			d := &desk{d.Port, t, d.r}
			imp := d.take("entry", name, []byte(c.text), nil)
			if got := reasons(d, imp.ID); imp.Created != c.created || !slices.Equal(got, c.issues) {
				t.Errorf("%d created, want %d; issues %q, want %q", imp.Created, c.created, got, c.issues)
			}
			if imp.Rejected > 0 {
				var b strings.Builder
				if err := d.Rejects(context.Background(), owner(), imp.ID, "en", &b); err != nil || strings.Count(strings.TrimSpace(b.String()), "\n") < 1 {
					t.Errorf("rejects: %q %v", b.String(), err)
				}
			}
		})
	}
	for name, text := range map[string]string{
		"external entity": strings.Replace(someCAMT("1", "0", "0", camtEntry("&x;", "1.00", "CRDT", "")), "<Document", `<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><Document`, 1),
		"billion laughs":  strings.Replace(someCAMT("1", "0", "0", camtEntry("&b;", "1.00", "CRDT", "")), "<Document", `<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><Document`, 1),
	} {
		_, err := d.Begin(context.Background(), owner(), "entry", name, "", strings.NewReader(text))
		if err == nil || !strings.Contains(fmt.Sprint(err), "xml_entities") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func camtEntry(ref, amount, side, more string) string {
	return "<Ntry><NtryRef>" + ref + `</NtryRef><Amt Ccy="CNY">` + amount + "</Amt><CdtDbtInd>" + side + "</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-01-09</Dt></BookgDt>" + more + "</Ntry>"
}

func someCAMT(account, opening, closing, body string) string {
	bal := func(code, amount string) string {
		return "<Bal><Tp><CdOrPrtry><Cd>" + code + `</Cd></CdOrPrtry></Tp><Amt Ccy="CNY">` + amount + "</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>"
	}
	return `<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt><GrpHdr><MsgId>M</MsgId></GrpHdr><Stmt><Id>S1</Id><Acct><Id><Othr><Id>` +
		account + "</Id></Othr></Id><Ccy>CNY</Ccy></Acct>" + bal("OPBD", opening) + bal("CLBD", closing) + body + "</Stmt></BkToCstmrStmt></Document>"
}

// A camt.053: an entry of many transactions is many, one that is pending none; other prefixes, one line, GB18030.
func TestCAMT(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		tx := func(id, amount, name, account, words string) string {
			return "<TxDtls><Refs><EndToEndId>" + id + `</EndToEndId></Refs><Amt Ccy="CNY">` + amount + "</Amt><RltdPties><Cdtr><Nm>" + name + "</Nm></Cdtr><CdtrAcct><Id><Othr><Id>" + account + "</Id></Othr></Id></CdtrAcct></RltdPties><RmtInf><Ustrd>" + words + "</Ustrd></RmtInf></TxDtls>"
		}
		body := camtEntry("E1", "500.00", "CRDT", "<AcctSvcrRef>B1</AcctSvcrRef><NtryDtls><TxDtls><RltdPties><Dbtr><Pty><Nm>文佳然商贸</Nm></Pty></Dbtr><DbtrAcct><Id><IBAN>DE02120300000000202051</IBAN></Id></DbtrAcct></RltdPties><RltdAgts><DbtrAgt><FinInstnId><Nm>Deutsche Kreditbank</Nm></FinInstnId></DbtrAgt></RltdAgts><RmtInf><Ustrd>货款 </Ustrd><Ustrd>INV-7</Ustrd></RmtInf></TxDtls></NtryDtls>") +
			camtEntry("E2", "30.00", "DBIT", "<NtryDtls>"+tx("P1", "10.00", "甲", "11112222", "工资")+tx("P2", "20.00", "乙", "33334444", "工资")+"</NtryDtls><AddtlNtryInf>代发</AddtlNtryInf>") +
			camtEntry("", "500.00", "DBIT", "<RvslInd>true</RvslInd>") + strings.Replace(camtEntry("E4", "9.00", "CRDT", ""), "BOOK", "<Cd>PDNG</Cd>", 1)
		file := someCAMT("6222020000000000003", "1000.00", "970.00", body)
		file = strings.NewReplacer("</", "</c:", "<?xml", "<?xml", "<", "<c:", "xmlns=", "xmlns:c=").Replace(file)
		imp := d.take("entry", "s.xml", []byte(gb(file)), nil)
		if got := reasons(d, imp.ID); imp.Created != 4 || !slices.Equal(got, []string{"6 reject  pending"}) {
			t.Fatalf("%+v %v", imp, d.issues(imp.ID, ""))
		}
		want := []string{
			"6222020000000000003 2026-01-09 in 500.00CNY 1500.00 | 文佳然商贸/DE02120300000000202051/Deutsche Kreditbank |  | 货款 INV-7 | B1",
			"6222020000000000003 2026-01-09 out 10.00CNY 1490.00 | 甲/11112222/ | 代发 | 工资 | P1",
			"6222020000000000003 2026-01-09 out 20.00CNY 1470.00 | 乙/33334444/ | 代发 | 工资 | P2",
			"6222020000000000003 2026-01-09 out 500.00CNY 970.00 | // | 冲正 |  | S1#4",
		}
		if got := entries(t, db); !slices.Equal(got, want) {
			t.Errorf("\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
		m, err := exchange.Decode(imp)
		if err != nil || m.Like != "" {
			t.Errorf("%+v %v", m, err)
		}
		other, err := d.Begin(context.Background(), owner(), "customer", "s.xml", "", strings.NewReader(file))
		if err != nil {
			t.Fatal(err)
		}
		if m, err := exchange.Decode(other); err != nil || m.Like != "entry" {
			t.Errorf("given as customers: like %q %v", m.Like, err)
		}
	})
}

package exchange

// Issues: what was wrong with a row or a cell, or worth saying. They are keys that the client renders; the rejects file has them in words.
const (
	issueCharset    = "charset"     // warning: this line is in another character set than the file
	issueUnreadable = "unreadable"  // in no character set
	issueQuote      = "open_quote"  // a quotation mark is never closed
	issueFewCells   = "few_cells"   // cells are missing: a torn row
	issueManyCells  = "many_cells"  // more cells than the header has
	issueFormula    = "formula"     // a formula without a value
	issueError      = "cell_error"  // #REF!, #DIV/0! …
	issueMerged     = "merged"      // warning: part of a merged cell, which has its value in another
	issueRequired   = "required"    // empty
	issueNumber     = "number"      // not a number
	issueMoney      = "money"       // not an amount
	issueDate       = "date"        // not a day
	issueTime       = "time"        // not a time
	issueChoice     = "choice"      // not among the choices
	issueBool       = "bool"        // neither yes nor no
	issueEmail      = "email"       // not a mail address
	issueText       = "text"        // too long, or not text
	issueNoRef      = "no_ref"      // nothing is called so
	issueManyRefs   = "many_refs"   // several are called so
	issueFirst      = "first_ref"   // warning: several are called so, and the oldest was taken
	issueCategory   = "no_category" // the dimension has no such category
	issueTaken      = "taken"       // another record has the unique value
	issueTwice      = "twice"       // the same key stands in an earlier row
	issueExists     = "exists"      // a record with the key is there, and only new ones were wanted
	issueMissing    = "missing"     // no record has the key, and only changes were wanted
	issueDenied     = "denied"      // beyond the caller's reach
	issueAmount     = "amount"      // warning: the amount is not quantity × price
	issueKept       = "in_note"     // warning: kept in the note in words
	issuePreamble   = "preamble"    // skipped: before the header
	issueFooter     = "footer"      // skipped: a total, a signature
	issueSeveral    = "several"     // several records have the key
	issueBalance    = "balance"     // warning: a statement's lines do not lead from its opening to its closing balance
	issuePending    = "pending"     // a statement's line that is expected, not booked
	issueBroken     = "broken"      // what stands here and behind it cannot be read
	issueInvalid    = "invalid"     // refused by the record's own rules
)

// Severities of an issue.
const (
	severeReject = "reject" // the row was not taken
	severeSkip   = "skip"   // the row is not data, or was passed over as asked
	severeWarn   = "warn"   // the row was taken; look at this
	severeKept   = "kept"   // an undo left this
)

// An Issue is one reason, with its place.
type Issue struct {
	Row      int    `json:"row"`
	Severity string `json:"severity"`
	Column   string `json:"column"` // header of the column, "" is the whole row
	Reason   string `json:"reason"`
	Value    string `json:"value"`
}

// words are the issues in Chinese and English, for files and terminals.
var words = map[string][2]string{
	issueCharset: {"此行的字符编码与文件其余部分不同", "this line is in another character set than the file"}, issueUnreadable: {"无法识别的字符编码", "in no known character set"},
	issueQuote: {"引号没有闭合", "a quotation mark is never closed"}, issueFewCells: {"列数不足", "too few cells"}, issueManyCells: {"列数过多", "more cells than the header"},
	issueFormula: {"公式没有结果", "a formula without a value"}, issueError: {"单元格是错误值", "an error value"}, issueMerged: {"属于合并单元格", "part of a merged cell"},
	issueRequired: {"必填", "required"}, issueNumber: {"不是数字", "not a number"}, issueMoney: {"不是金额", "not an amount"}, issueDate: {"不是日期", "not a day"},
	issueTime: {"不是时间", "not a time"}, issueChoice: {"不在可选范围内", "not one of the choices"}, issueBool: {"应为是或否", "neither yes nor no"}, issueEmail: {"不是邮箱", "not a mail address"},
	issueText: {"文字过长或无效", "text too long or not valid"}, issueNoRef: {"找不到所指的记录", "nothing is called so"}, issueManyRefs: {"有多条同名记录", "several records are called so"},
	issueFirst:    {"有多条同名记录，取最早的一条", "several records are called so: the oldest was taken"},
	issueCategory: {"没有这个类别", "no such category"}, issueTaken: {"值已被其他记录占用", "another record has this value"}, issueTwice: {"与前面的行重复", "the same key as an earlier row"},
	issueExists: {"已有此记录", "the record exists"}, issueMissing: {"没有此记录", "no such record"}, issueDenied: {"没有权限", "not permitted"},
	issueAmount: {"金额 ≠ 数量 × 单价", "amount ≠ quantity × price"}, issueKept: {"已写入备注", "kept in the note"}, issuePreamble: {"表头之前的内容", "before the header"},
	issueFooter: {"合计或落款", "a total or a signature"}, issueSeveral: {"有多条记录符合", "several records have the key"}, issueInvalid: {"内容不符合要求", "not valid"},
	issueBalance: {"期初余额加各笔发生额不等于期末余额", "the lines do not lead from the opening to the closing balance"}, issuePending: {"尚未入账", "expected, not booked"},
	issueBroken: {"文件从这里起不完整或已损坏", "the file is broken from here on"},
}

// InWords says an issue in a language.
func InWords(reason, lang string) string {
	w, ok := words[reason]
	switch {
	case !ok:
		return reason
	case lang == "en":
		return w[1]
	}
	return w[0]
}

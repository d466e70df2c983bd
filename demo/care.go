package demo

import (
	"strings"
	"time"

	"guike"
	"guike/record"
)

// What customers bring, by the product's word; what was done about it.
var matters = []struct{ subject, body, resolution, priority string }{
	{"%s无法登录", "客户来电：升级后提示账号不存在，三个用户都这样。", "同步了账号目录，客户确认可以登录。", "high"},
	{"%s数据导出不完整", "导出的表格缺最近一周的记录，财务月底要用。", "缓存过期所致，已重建并补导，客户核对无误。", "high"},
	{"咨询%s续费价格", "合同下月到期，想了解两年续费的优惠。", "已发报价单，按老客户折扣。", "low"},
	{"%s发票抬头需更正", "抬头少了“有限”二字，要求重开。", "旧票作废，新票已寄出。", "medium"},
	{"投诉：%s实施进度慢", "约定上周完成，至今没有排期，客户不满。", "换派实施顾问，三天内完成并致歉。", "high"},
	{"%s打印排版错位", "换了打印机后回单打印偏移一厘米。", "调整了纸张设置，远程处理完成。", "low"},
	{"申请%s增加用户数", "新开两个门店，需要增加二十个账号。", "已增加账号并补签协议。", "medium"},
	{"%s培训改期", "原定周三培训，客户方有会，改到下周。", "已改期并通知讲师。", "low"},
}

var talks = []struct{ kind, subject, body string }{
	{"call", "电话回访使用情况", "使用正常，希望增加按部门统计。"},
	{"visit", "上门拜访", "与财务负责人沟通了明年预算，意向明确。"},
	{"mail", "发送报价单", "按企业版 30 用户报价，含实施。"},
	{"meeting", "需求评审会", "确认了接口范围，双方签字。"},
	{"chat", "微信沟通到货时间", "客户要求周五前到货，已安排。"},
	{"note", "付款习惯", "一般月底付款，需提前一周对账。"},
}

var duties = []string{"跟进续费", "寄送合同", "确认到账", "安排培训", "回访满意度", "催收尾款"}

// care makes what was said and done about some of the customers: cases, talks, tasks.
func (f *filler) care(cs []*guike.Customer) error {
	var cases []*guike.Case
	var acts []*guike.Activity
	var tasks []*guike.Task
	for _, c := range cs {
		own := func(b *record.Base) { b.Owner, b.Department = c.Owner, c.Department }
		if f.rng.IntN(5) == 0 {
			m := matters[f.rng.IntN(len(matters))]
			at := f.moment()
			k := &guike.Case{Subject: strings.Replace(m.subject, "%s", products[f.rng.IntN(len(products))].name, 1), Customer: c.ID, Source: pick(f.rng, []string{"phone", "phone", "chat", "email", "web"}),
				Priority: m.priority, Stage: "closed", Assignee: c.Owner, OpenedAt: record.At(at), Body: m.body, Resolution: m.resolution}
			if f.today.Sub(at) < 20*24*time.Hour {
				k.Stage, k.Resolution = pick(f.rng, []string{"new", "open", "waiting"}), ""
				k.DueAt = record.At(at.Add(map[string]time.Duration{"high": 24, "medium": 72, "low": 168}[m.priority] * time.Hour))
			} else {
				k.ResolvedAt = record.At(at.Add(time.Duration(2+f.rng.IntN(90)) * time.Hour))
			}
			own(&k.Base)
			cases = append(cases, k)
		}
		if f.rng.IntN(2) == 0 {
			t := talks[f.rng.IntN(len(talks))]
			a := &guike.Activity{Type: t.kind, Subject: t.subject, Customer: c.ID, HappenedAt: record.At(f.moment()), Body: t.body}
			if t.kind != "note" {
				a.Minutes, a.Direction = int64(5+f.rng.IntN(80)), pick(f.rng, []string{"in", "out"})
			}
			own(&a.Base)
			acts = append(acts, a)
		}
		if f.rng.IntN(8) == 0 {
			t := &guike.Task{Subject: pick(f.rng, duties), Customer: c.ID, Assignee: c.Owner, Priority: pick(f.rng, []string{"high", "medium", "low"}), Stage: "open",
				DueOn: record.Date(f.today.AddDate(0, 0, f.rng.IntN(30)-6).Format(time.DateOnly))}
			if f.rng.IntN(3) == 0 {
				t.Stage, t.DoneAt = "done", record.At(f.moment())
			}
			own(&t.Base)
			tasks = append(tasks, t)
		}
	}
	f.total += len(cases) + len(acts) + len(tasks)
	if err := put(f, cases); err != nil {
		return err
	}
	if err := put(f, acts); err != nil {
		return err
	}
	return put(f, tasks)
}

// moment is a working hour of the last two years, more often a recent one.
func (f *filler) moment() time.Time {
	cat, err := f.db.Catalogue(f.ctx, false)
	if err != nil {
		return f.today // the first write will say what is wrong
	}
	day, err := time.ParseInLocation(time.DateOnly, string(f.day(2*365)), cat.Zone)
	if err != nil {
		return f.today // day makes valid days only
	}
	if at := day.Add(time.Duration(9*60+f.rng.IntN(9*60)) * time.Minute); at.Before(f.today) {
		return at
	}
	return f.today.Add(-time.Hour)
}

package classify

import (
	"context"
	"encoding/json"

	"guike"
	"guike/record"
	"guike/store"
)

// Seed gives an empty workspace the dimensions that receipts and customers are classified by out of the box, and their rules.
func Seed(ctx context.Context, db *store.DB) error {
	return db.Tx(ctx, record.SystemScope("set-up"), func(tx *store.Tx) error {
		var n int64
		if err := tx.One(ctx, "SELECT count(*) FROM dimensions", nil, &n); err != nil || n > 0 {
			return err
		}
		kinds, err := seedDimension(ctx, tx, guike.Dimension{Of: "customer", Name: "d_type", Label: "客户类型"}, "企业", "个人")
		if err != nil {
			return err
		}
		level, err := seedDimension(ctx, tx, guike.Dimension{Of: "customer", Name: "d_level", Label: "客户级别"}, "VIP", "普通", "潜在")
		if err != nil {
			return err
		}
		_ = level // filled by people and imports: there is no rule that would fit every business
		for _, d := range []guike.Dimension{
			{Of: "customer", Name: "d_region", Label: "地区", By: guike.ByField, Source: "region"},
			{Of: "customer", Name: "d_industry", Label: "行业", By: guike.ByField, Source: "industry"},
			{Of: "receipt", Name: "d_period", Label: "期间", By: guike.ByPeriod, Source: "paid_on,issued_on"},
			{Of: "receipt", Name: "d_amount", Label: "金额段", By: guike.ByBands, Source: "amount", Bounds: `["10000.00","100000.00"]`},
			{Of: "receipt", Name: "d_customer_type", Label: "客户类型", By: guike.ByLookup, Source: "customer.d_type"},
			{Of: "receipt", Name: "d_customer_level", Label: "客户级别", By: guike.ByLookup, Source: "customer.d_level"},
			{Of: "receipt", Name: "d_product", Label: "产品", By: guike.ByRules},
		} {
			if err := addDimension(ctx, tx, &d); err != nil {
				return err
			}
			if d.Name == "d_amount" { // as people call them when they search
				for code, word := range map[string]string{"0": "小额", "2": "大额"} {
					var id string
					if err := tx.One(ctx, "SELECT id FROM categories WHERE dimension = ? AND code = ?", []any{string(d.ID), code}, &id); err != nil {
						return err
					}
					if _, err := tx.Update(ctx, "category", record.ID(id), store.Patch{Values: map[string]record.Value{"aliases": record.TextValue(word)}}); err != nil {
						return err
					}
				}
			}
		}
		types, err := seedDimension(ctx, tx, guike.Dimension{Of: "receipt", Name: "d_type", Label: "回单类型"}, "银行回单", "电子发票", "销售单", "售后单")
		if err != nil {
			return err
		}
		slips := types.cats["银行回单"]
		for _, name := range []string{"收款", "付款"} {
			c := &guike.Category{Dimension: types.ID, Parent: slips, Name: name, Position: int64(len(types.cats) + 1)}
			if err := tx.Create(ctx, c); err != nil {
				return err
			}
			types.cats[name] = c.ID
		}
		slip := record.Where("type", "in", []string{"slip", "voucher"})
		for _, r := range []struct {
			of     *seeded
			cat    string
			filter record.Filter
		}{
			{kinds, "企业", record.Where("type", "eq", "company")},
			{kinds, "个人", record.Where("type", "eq", "person")},
			{types, "收款", record.All(slip, record.Where("direction", "eq", "in"))},
			{types, "付款", record.All(slip, record.Where("direction", "eq", "out"))},
			{types, "银行回单", slip},
			{types, "电子发票", record.Where("type", "eq", "invoice")},
			{types, "销售单", record.Where("type", "eq", "sales")},
			{types, "售后单", record.Where("type", "eq", "after_sales")},
		} {
			if err := SeedRule(ctx, tx, r.of.ID, r.of.cats[r.cat], r.cat, r.filter); err != nil {
				return err
			}
		}
		return seedFiles(ctx, tx)
	})
}

// SeedFiles gives a workspace that is older than they are the dimensions by which its cabinet goes: how far the business with a customer is, and what a
// document is. One that is there already stays as it is.
func SeedFiles(ctx context.Context, db *store.DB, sc record.Scope) error {
	if err := may(sc); err != nil {
		return err
	}
	return db.Tx(ctx, sc.House(), func(tx *store.Tx) error {
		if tx.Catalogue().Kind("document").Field(FileKind) != nil && tx.Catalogue().Kind("customer").Field(Stage) != nil {
			return nil
		}
		if err := seedFiles(ctx, tx); err != nil {
			return err
		}
		return again(ctx, tx, "document")
	})
}

// The dimensions of the cabinet.
const (
	Stage    = "d_stage" // of customers; filled by people and imports
	FileKind = "d_kind"  // of documents
)

func seedFiles(ctx context.Context, tx *store.Tx) error {
	if tx.Catalogue().Kind("customer").Field(Stage) == nil {
		if _, err := seedDimension(ctx, tx, guike.Dimension{Of: "customer", Name: Stage, Label: "客户阶段"}, "初次接触", "洽谈", "签约", "合作中", "流失"); err != nil {
			return err
		}
	}
	if tx.Catalogue().Kind("document").Field(FileKind) != nil {
		return nil
	}
	kinds, err := seedDimension(ctx, tx, guike.Dimension{Of: "document", Name: FileKind, Label: "文件类别"}, "基本资料", "需求", "联系记录", "合同", "反馈", "发票", "回单", "其他")
	if err != nil {
		return err
	}
	named := func(words ...string) record.Filter {
		var or []record.Filter
		for _, w := range words {
			or = append(or, record.Where("name", "contains", w))
		}
		return record.Filter{Or: or}
	}
	for _, r := range []struct {
		cat    string
		filter record.Filter
	}{
		{"回单", record.Where("paper", "in", []string{"slip", "voucher"})},
		{"发票", record.Where("paper", "eq", "invoice")},
		{"合同", named("合同", "协议", "contract")},
		{"需求", named("需求", "询价")},
		{"反馈", named("反馈", "满意度", "投诉", "表扬")},
		{"联系记录", record.Filter{Or: append(named("纪要", "会谈", "拜访").Or, record.Where("message", "present", nil))}},
		{"基本资料", named("营业执照", "资质", "名片", "开户", "基本资料")},
	} {
		if err := SeedRule(ctx, tx, kinds.ID, kinds.cats[r.cat], r.cat, r.filter); err != nil {
			return err
		}
	}
	return nil
}

// SeedRule adds a rule within a transaction, without the job that would apply it: for set-up, before there are records.
func SeedRule(ctx context.Context, tx *store.Tx, dim, cat record.ID, name string, f record.Filter) error {
	b, err := json.Marshal(f)
	if err != nil {
		return err
	}
	r := &guike.Rule{Dimension: dim, Category: cat, Name: name, Filter: string(b), Revision: 1, Latest: 1}
	if err := tx.One(ctx, "SELECT coalesce(max(number), 0) + 1, coalesce(max(position), 0) + 1 FROM rules", nil, &r.Number, &r.Position); err != nil {
		return err
	}
	err = tx.Create(ctx, r)
	return err
}

type seeded struct {
	guike.Dimension
	cats map[string]record.ID
}

func seedDimension(ctx context.Context, tx *store.Tx, d guike.Dimension, names ...string) (*seeded, error) {
	if err := addDimension(ctx, tx, &d); err != nil {
		return nil, err
	}
	s := &seeded{d, map[string]record.ID{}}
	for i, name := range names {
		c := &guike.Category{Dimension: d.ID, Name: name, Position: int64(i + 1)}
		if err := tx.Create(ctx, c); err != nil {
			return nil, err
		}
		s.cats[name] = c.ID
	}
	return s, nil
}

package demo

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

type city struct{ name, short, province, code string }

var cities = []city{
	{"上海市", "上海", "上海", "310104"}, {"北京市", "北京", "北京", "110108"}, {"杭州市", "杭州", "浙江", "330106"}, {"宁波市", "宁波", "浙江", "330212"},
	{"深圳市", "深圳", "广东", "440305"}, {"广州市", "广州", "广东", "440106"}, {"苏州市", "苏州", "江苏", "320571"}, {"南京市", "南京", "江苏", "320102"},
	{"成都市", "成都", "四川", "510107"}, {"武汉市", "武汉", "湖北", "420106"}, {"西安市", "西安", "陕西", "610103"}, {"青岛市", "青岛", "山东", "370202"},
	{"厦门市", "厦门", "福建", "350203"}, {"长沙市", "长沙", "湖南", "430102"}, {"重庆市", "重庆", "重庆", "500103"}, {"郑州市", "郑州", "河南", "410105"},
}

var (
	surnames   = strings.Split("王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤", "")
	given      = strings.Split("伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰春梅建国志文斌波辉宁鹏飞欣怡子轩雨涵思雯浩然佳琪梓萱一诺俊熙晨曦若溪嘉豪博文雅婷诗琪宇航天佑乐瑶锦程", "")
	words      = []string{"恒泰", "瑞丰", "百川", "蓝海", "鼎盛", "云启", "天工", "长风", "启明", "众诚", "博远", "金禾", "华彩", "优品", "安捷", "新纪元", "东方韵", "正弘", "嘉禾", "万象", "德润", "海纳", "致远", "晨光", "凯达", "同创", "盛世", "汇通", "宏图", "星河", "卓越", "信达", "中联", "永兴", "利民", "佳美", "锦绣", "通达", "顺风", "和泰", "青禾", "明德", "联创", "泰和", "元亨", "四海", "群英", "百纳"}
	words2     = []string{"", "", "", "源", "隆", "昌", "兴", "达", "利"}
	trades     = []string{"贸易", "信息技术", "机械设备", "电子商务", "教育咨询", "物流", "文化传播", "医疗器械", "餐饮管理", "广告", "建筑装饰", "新能源科技", "食品", "服饰", "环保科技", "软件", "生物科技", "家居用品"}
	forms      = []string{"有限公司", "有限公司", "有限公司", "有限责任公司", "股份有限公司"}
	industries = []string{"零售", "制造", "教育", "医疗", "餐饮", "物流", "建筑", "文化", "互联网", "能源"}
	districts  = []string{"高新区", "开发区", "滨江区", "工业园区", "新城区", "科技园"}
	streets    = []string{"人民路", "中山路", "文一路", "科技路", "解放路", "创业大道", "和平街", "建设路"}
	positions  = []string{"财务", "采购经理", "总经理", "出纳", "行政", "技术主管", "销售经理"}
)

func pick[T any](r *rand.Rand, of []T) T { return of[r.IntN(len(of))] }

func digits(r *rand.Rand, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte('0' + r.IntN(10))
	}
	b[0] = byte('1' + r.IntN(9))
	return string(b)
}

func (f *filler) person() string {
	n := pick(f.rng, surnames) + pick(f.rng, given)
	if f.rng.IntN(3) > 0 {
		n += pick(f.rng, given)
	}
	return n
}

func (f *filler) company(c city) string {
	w := pick(f.rng, words) + pick(f.rng, words2)
	if f.rng.IntN(4) == 0 {
		return w + pick(f.rng, trades) + pick(f.rng, forms)
	}
	return c.short + w + pick(f.rng, trades) + pick(f.rng, forms)
}

func (f *filler) mobile() string {
	return pick(f.rng, []string{"138", "139", "150", "158", "177", "186", "189", "199"}) + fmt.Sprintf("%08d", f.rng.IntN(100_000_000))
}

// taxID makes a unified social credit code with a right check digit (GB 32100-2015).
func (f *filler) taxID(region string) string {
	const alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
	weights := []int{1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28}
	s := "91" + region
	for len(s) < 17 {
		s += string(alphabet[f.rng.IntN(len(alphabet))])
	}
	sum := 0
	for i := range s {
		sum += strings.IndexByte(alphabet, s[i]) * weights[i]
	}
	return s + string(alphabet[(31-sum%31)%31])
}

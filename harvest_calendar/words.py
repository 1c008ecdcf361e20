"""Fixed Chinese words of the fact files, marked so that the catalogue knows their English.

Rows keep the Chinese; ``core.words.local`` finds the English. A test compares these lists with the
files, so a new grade in a file asks for its English.
"""

from django.utils.translation import gettext_noop

# As the crops' standards name them.
GRADES = [
    gettext_noop("Ⅰ级"),
    gettext_noop("Ⅱ级"),
    gettext_noop("Ⅲ级"),
    gettext_noop("一等"),
    gettext_noop("一等品"),
    gettext_noop("一级"),
    gettext_noop("三等"),
    gettext_noop("三级"),
    gettext_noop("二等"),
    gettext_noop("二等品"),
    gettext_noop("二级"),
    gettext_noop("二路"),
    gettext_noop("优等品"),
    gettext_noop("优质初榨"),
    gettext_noop("初榨"),
    gettext_noop("四等"),
    gettext_noop("头路"),
    gettext_noop("混仁"),
    gettext_noop("特等"),
    gettext_noop("特级"),
    gettext_noop("特级初榨"),
]

# The 24 solar terms.
TERMS = [
    gettext_noop("小寒"),
    gettext_noop("大寒"),
    gettext_noop("立春"),
    gettext_noop("雨水"),
    gettext_noop("惊蛰"),
    gettext_noop("春分"),
    gettext_noop("清明"),
    gettext_noop("谷雨"),
    gettext_noop("立夏"),
    gettext_noop("小满"),
    gettext_noop("芒种"),
    gettext_noop("夏至"),
    gettext_noop("小暑"),
    gettext_noop("大暑"),
    gettext_noop("立秋"),
    gettext_noop("处暑"),
    gettext_noop("白露"),
    gettext_noop("秋分"),
    gettext_noop("寒露"),
    gettext_noop("霜降"),
    gettext_noop("立冬"),
    gettext_noop("小雪"),
    gettext_noop("大雪"),
    gettext_noop("冬至"),
]

# Days that demand hangs on.
FESTIVALS = [
    gettext_noop("腊八"),
    gettext_noop("小年（腊月廿三）"),
    gettext_noop("除夕"),
    gettext_noop("春节"),
    gettext_noop("元宵节"),
    gettext_noop("清明"),
    gettext_noop("端午节"),
    gettext_noop("七夕、乞巧节"),
    gettext_noop("中国农民丰收节（秋分）"),
    gettext_noop("中秋节"),
    gettext_noop("重阳节"),
    gettext_noop("冬至"),
]

# What a crop is protected as.
INDICATIONS = [
    gettext_noop("农产品地理标志“哈达铺当归”"),
    gettext_noop("农产品地理标志“宕昌百花蜜”"),
    gettext_noop("农产品地理标志“宕昌黄芪”"),
    gettext_noop("农产品地理标志“徽县紫皮大蒜”"),
    gettext_noop("农产品地理标志“武都红芪”"),
    gettext_noop("农产品地理标志“陇南绿茶”；国家地理标志产品“康县龙神茶”"),
    gettext_noop("原产地域产品“礼县大黄”"),
    gettext_noop("国家地理标志产品“两当狼牙蜜”"),
    gettext_noop("国家地理标志产品“康县黑木耳”"),
    gettext_noop("国家地理标志产品“徽县银杏”"),
    gettext_noop("国家地理标志产品“文县纹党”；农产品地理标志“武都纹党”“宕昌党参”"),
    gettext_noop("国家地理标志产品“武都橄榄油”"),
    gettext_noop("国家地理标志产品“武都油橄榄”"),
    gettext_noop("国家地理标志产品“武都花椒”"),
    gettext_noop("国家地理标志产品“西和半夏”"),
    gettext_noop("据报道为农产品地理标志，未核实"),
    gettext_noop("据报道为地理标志“康县太平鸡”，未核实"),
    gettext_noop("据报道为地理标志“成县核桃”，未核实"),
    gettext_noop("据报道为地理标志“礼县苹果”，未核实"),
]

# Why a form takes so much raw crop.
FORM_SOURCES = [
    gettext_noop("S48 的鲜干价比，约 9"),
    gettext_noop("一公斤仁约用 2.2 公斤干果，再按青皮果折"),
    gettext_noop("一般经验，估计"),
    gettext_noop("出油率 10%—15%，估计"),
    gettext_noop("就是采下来的样子"),
    gettext_noop("按青皮重估计；洗净湿果约 3，青皮果更多"),
    gettext_noop("按鲜干比 4 和烘干经验估计"),
    gettext_noop("按鲜椒用量估计"),
    gettext_noop("淀粉得率估计"),
    gettext_noop("鲜干比 1.3，一般加工经验，估计"),
    gettext_noop("鲜干比 1.8，一般加工经验，估计"),
    gettext_noop("鲜干比 10，一般加工经验，估计"),
    gettext_noop("鲜干比 12，一般加工经验，估计"),
    gettext_noop("鲜干比 2.5，一般加工经验，估计"),
    gettext_noop("鲜干比 3.5，一般加工经验，估计"),
    gettext_noop("鲜干比 3，一般加工经验，估计"),
    gettext_noop("鲜干比 4.5，一般加工经验，估计"),
    gettext_noop("鲜干比 4，一般加工经验，估计"),
    gettext_noop("鲜干比 5，一般加工经验，估计"),
]

# Why a crop is of its sale class.
SALE_SOURCES = [
    gettext_noop("2023年第9号公告列入药食同源"),
    gettext_noop("不在药食同源目录"),
    gettext_noop("不在食品原料和药食同源目录"),
    gettext_noop("当归仅作香辛料和调味品，药食同源"),
    gettext_noop("普通食用农产品或食品"),
    gettext_noop("杜仲叶在目录，杜仲皮不在"),
    gettext_noop("生半夏列入毒性药材目录（凭记忆，待核）"),
]

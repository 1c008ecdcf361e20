"""Fixed Chinese words of the carriage files, marked so that the catalogue knows their English."""

from django.utils.translation import gettext_noop

# Provinces that cost the same.
ZONES = [
    gettext_noop("省内"),
    gettext_noop("邻近"),
    gettext_noop("中部与华北"),
    gettext_noop("华东华南"),
    gettext_noop("东北与海南"),
    gettext_noop("新疆西藏"),
]

# Carriers' prices.
CARDS = [
    gettext_noop("合同快递"),
    gettext_noop("柜台快递"),
    gettext_noop("邮政包裹"),
    gettext_noop("顺丰标快"),
]

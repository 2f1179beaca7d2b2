"""What stops an institution from being entered or changed."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from registry.base.labels import N_

INSTITUTION_ERRORS: Mapping[str, str] = MappingProxyType(
    {
        "kind": N_("请选择机构类别。"),
        "name": N_("请填写机构名称。"),
        "place": N_("请选择所在县区或功能区。"),
        "owner": N_("请填写依托单位：在名录中的填代码，不在名录中的填名称。"),
        "two_owners": N_("依托单位只填一处：在名录中的填代码，不在名录中的填名称。"),
        "unknown": N_("名录中没有代码为 %(code)s 的企业；不在名录中的单位，请改填名称。"),
        "source": N_("请写明依据，例如认定文件的文号。"),
        "founded": N_("设立日期不能晚于今天。"),
        "taken": N_("统一社会信用代码 %(code)s 已由另一家平台机构登记，请核对。"),
        "alike": N_("有相同或相似的机构或企业，请核对后勾选确认，再保存。"),
        "recognised": N_("这家机构有有效的认定证书；请先在认定的事项中撤销认定，再作废登记。"),
        "void": N_("这家机构已作废，不能再改。"),
    }
)
OWNER_BEYOND = N_("本单位范围外的企业")
EXPORT_TITLE = N_("研发平台机构名录")

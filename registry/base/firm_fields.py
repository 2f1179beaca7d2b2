"""Which fields of a firm people write, and what goes along with them."""

from __future__ import annotations

from registry.base.labels import N_

# Fields that a form or workbook may set, in the order of the template; figures are rows of their own.
FIELDS = (
    "name", "credit_code", "no_code_reason", "division", "town", "registered_address", "operating_address",
    "industry", "industry_year", "activity", "legal_form", "unit_kind", "deemed_approval", "founded_on", "opened_on",
    "capital", "capital_currency", "accounting", "taxpayer_kind", "operating_state", "operating_state_on",
    "operating_state_source", "employees", "contact_name", "contact_phone", "door",
    "qualifications", "issue", "watch_reason",
)  # fmt: skip
# Given as one figure each in forms and workbooks; stored as dated figures.
FIGURE_FIELDS = ("revenue_last_year", "revenue_to_date", "to_month", "revenue_same_period", "vat_sales")
# What is said together with a field: returning the one opens the others, and mending any of them mends it.
FOLLOWERS = {
    "credit_code": ("no_code_reason",),
    "division": ("town",),
    "industry": ("industry_year",),
    "unit_kind": ("deemed_approval",),
    "operating_state": ("operating_state_on", "operating_state_source"),
}
# Returned like a field: a paper is to be added or replaced.
DOCUMENTS = "documents"

# Labels of fields that no sheet column names.
EXTRA_LABELS = {
    "no_code_reason": N_("无代码原因"),
    "deemed_approval": N_("视同法人批准文号"),
    "capital_currency": N_("币种"),
    "operating_state_on": N_("经营状态日期"),
    "operating_state_source": N_("经营状态来源"),
    "watch_reason": N_("关注原因"),
    "parent_id": N_("所属法人单位"),
    "effective": N_("启用日期"),
    DOCUMENTS: N_("材料"),
}

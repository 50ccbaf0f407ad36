"""Pay as arithmetic: super in or out, tax, levy, offset, study loan, what is left; and day rates
against salaries.

All amounts are AUD as `Decimal`. Each line of a sum is rounded to the cent, half up, so that the
lines add up exactly as printed. Rates are content (content/tax/YEAR.yaml); what is said about a sum
is content too. Cents of taxable income are kept: the tax office drops them, which moves no line by
more than half a dollar.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from bot.calculators import json_fields
from bot.calculators.json_fields import Given, InputError
from content.content import Content
from content.tax_year import (
    LowIncomeOffset,
    MedicareLevy,
    Scale,
    StudyLoan,
    SuperGuarantee,
    TaxYear,
    sources_of,
)

Basis = Literal["plus_super", "including_super"]
BASES: tuple[Basis, ...] = ("plus_super", "including_super")
MOST_AMOUNT = 10_000_000
MOST_DAYS = 366

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """What an employer pays in a year: `base` before tax, `super_guarantee` on it,
    and both together.
    """

    base: Decimal
    super_guarantee: Decimal

    @property
    def total(self) -> Decimal:
        return self.base + self.super_guarantee


@dataclass(frozen=True, slots=True, kw_only=True)
class Net:
    """What the year's tax makes of a taxable income.

    The offset is what it really takes off, never more than the tax.
    """

    taxable: Decimal
    income_tax: Decimal
    low_income_offset: Decimal
    medicare_levy: Decimal
    help_repayment: Decimal

    @property
    def take_home(self) -> Decimal:
        return (
            self.taxable
            - self.income_tax
            + self.low_income_offset
            - self.medicare_levy
            - self.help_repayment
        )


def cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def package(rules: SuperGuarantee, amount: Decimal, basis: Basis) -> Package:
    """Split a headline figure. Super is owed on pay up to the maximum contribution base only."""
    if basis == "plus_super":
        base = cents(amount)
        return Package(base=base, super_guarantee=cents(rules.rate * min(base, rules.most_pay)))
    most = cents(rules.rate * rules.most_pay)
    total = cents(amount)
    super_guarantee = min(most, total - cents(total / (1 + rules.rate)))
    return Package(base=total - super_guarantee, super_guarantee=super_guarantee)


def net(year: TaxYear, taxable: Decimal, *, help_debt: bool = False) -> Net:
    """A resident's year: tax, offset, levy and, with a study loan, the compulsory repayment."""
    tax = cents(on_scale(year.resident_tax, taxable))
    return Net(
        taxable=taxable,
        income_tax=tax,
        low_income_offset=min(tax, cents(low_income_offset(year.low_income_offset, taxable))),
        medicare_levy=cents(medicare_levy(year.medicare_levy, taxable)),
        help_repayment=cents(study_loan(year.study_loan, taxable)) if help_debt else Decimal(0),
    )


def on_scale(scale: Scale, income: Decimal) -> Decimal:
    """The last step below the income decides; nothing is due up to the first."""
    step = next((step for step in reversed(scale.steps) if income > step.above), None)
    if step is None:
        return Decimal(0)
    return step.base + step.rate * (income - step.above)


def low_income_offset(rules: LowIncomeOffset, income: Decimal) -> Decimal:
    return max(Decimal(0), rules.most - on_scale(rules, income))


def medicare_levy(rules: MedicareLevy, income: Decimal) -> Decimal:
    return max(Decimal(0), min(rules.rate * income, rules.shade * (income - rules.threshold)))


def study_loan(rules: StudyLoan, income: Decimal) -> Decimal:
    if income > rules.all_above:
        return rules.all_rate * income
    return on_scale(rules, income)


def break_even_day_rate(salary: Package, days: Decimal) -> Decimal:
    """The day rate, super included, that pays as much in `days` days as
    the salary package does in its year.
    """
    return cents(salary.total / days)


FIELDS = ("amount", "day_rate", "days", "basis", "year", "help_debt")


def takehome(content: Content, given: Given) -> dict[str, object]:
    """One line of `pivotbot takehome`.

    Raises InputError, naming the field. `basis` and `year` are never assumed.
    """
    json_fields.refuse_unknown(given, FIELDS)
    amount = _amount(given)
    basis: Basis = (
        "plus_super"
        if json_fields.one_of(given, "basis", BASES) == "plus_super"
        else "including_super"
    )
    name = json_fields.one_of(given, "year", tuple(content.tax))
    help_debt = json_fields.truth(given, "help_debt")
    year = content.tax[name]
    pay = package(year.super_guarantee, amount, basis)
    left = net(year, pay.base, help_debt=help_debt)
    lines: Mapping[str, Decimal] = {
        "base_salary": pay.base,
        "super_guarantee": pay.super_guarantee,
        "total_package": pay.total,
        "taxable_income": left.taxable,
        "income_tax": left.income_tax,
        "low_income_offset": left.low_income_offset,
        "medicare_levy": left.medicare_levy,
        "help_repayment": left.help_repayment,
        "take_home": left.take_home,
    }
    return {
        **{key: float(value) for key, value in lines.items()},
        "assumptions": list(
            assumptions(content, name, help_debt=help_debt, days=given.get("days"))
        ),
        "source": "; ".join(
            _source_key(content, key) for key in _sources(year, help_debt=help_debt)
        ),
    }


def _amount(given: Given) -> Decimal:
    if given.get("amount") is not None:
        for field in ("day_rate", "days"):
            if given.get(field) is not None:
                raise InputError(
                    field, f"either amount, or day_rate with days; {field} stands beside amount"
                )
        return json_fields.number(given, "amount", 0, MOST_AMOUNT)
    if given.get("day_rate") is None:
        raise InputError("amount", "amount is wanted (AUD a year), or day_rate with days")
    rate = json_fields.number(given, "day_rate", 0, MOST_AMOUNT)
    days = json_fields.number(given, "days", 0, MOST_DAYS)
    if rate * days > MOST_AMOUNT:
        raise InputError("day_rate", f"day_rate times days is more than {MOST_AMOUNT:,} a year")
    return rate * days


def _sources(year: TaxYear, *, help_debt: bool) -> tuple[str, ...]:
    return sources_of(
        origin for origin in year.origins if help_debt or origin is not year.study_loan
    )


def _source_key(content: Content, key: str) -> str:
    source = content.sources[key]
    if source.quoted_by:
        quoted = f" (not opened by us, as quoted by {source.quoted_by})"
    else:
        quoted = ""
    return f"{source.publisher}: {source.title}, {source.dated or source.as_of}{quoted}"


def assumptions(
    content: Content, name: str, *, help_debt: bool, days: object = None
) -> tuple[str, ...]:
    """What a sum of this year takes for granted, each a sentence of the content."""
    year, say = content.tax[name], content.phrases
    levy, loan = year.medicare_levy, "assumes_help_debt" if help_debt else "assumes_no_help_debt"
    sentences = [
        say["assumes_resident"].format(year=name),
        say["assumes_levy"],
        say["assumes_no_deductions"],
        say[loan],
    ]
    if levy.thresholds_of:
        sentences.append(say["assumes_levy_threshold"].format(year=name, of=levy.thresholds_of))
    sentences.append(
        say["assumes_super"].format(
            rate=f"{(year.super_guarantee.rate * 100).normalize():f}",
            most=year.super_guarantee.most_pay_words,
        )
    )
    if days is not None:
        sentences.append(
            say["assumes_days"].format(days=f"{days:g}" if isinstance(days, int | float) else days)
        )
    return (*sentences, *year.extra)

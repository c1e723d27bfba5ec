/** What a purchase is a month when it is paid over `months`; `interest` is a year's (a share), paid at each month's end. */
export function capitalMonthly(of: { amount: number; months: number; interest: number }): number {
  const monthly = of.interest / 12
  if (monthly === 0) return of.amount / of.months
  return (of.amount * monthly) / -Math.expm1(-of.months * Math.log1p(monthly))
}

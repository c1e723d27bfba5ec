/** Exact fractions, for deriving what the planner computes in binary fractions. */
class Rational {
  readonly above: bigint
  readonly below: bigint

  private constructor(above: bigint, below: bigint) {
    const common = gcd(above < 0n ? -above : above, below)
    this.above = above / common
    this.below = below / common
  }

  /** Exactly what a decimal text says: `0.0136`, `1e-15`, `-3`; or a whole number. */
  static of(value: string | number | bigint): Rational {
    const [, sign, whole, fraction = '', exponent = '0'] = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/.exec(
      String(value),
    )!
    const digits = BigInt(`${sign}${whole}${fraction}`)
    const power = Number(exponent) - fraction.length
    return power >= 0 ? new Rational(digits * 10n ** BigInt(power), 1n) : new Rational(digits, 10n ** BigInt(-power))
  }

  plus(other: Rational): Rational {
    return new Rational(this.above * other.below + other.above * this.below, this.below * other.below)
  }

  minus(other: Rational): Rational {
    return new Rational(this.above * other.below - other.above * this.below, this.below * other.below)
  }

  times(other: Rational): Rational {
    return new Rational(this.above * other.above, this.below * other.below)
  }

  by(other: Rational): Rational {
    const sign = other.above < 0n ? -1n : 1n
    return new Rational(this.above * other.below * sign, this.below * other.above * sign)
  }

  power(n: number): Rational {
    return new Rational(this.above ** BigInt(n), this.below ** BigInt(n))
  }

  atMost(other: Rational): boolean {
    return this.above * other.below <= other.above * this.below
  }

  /** The next whole number from it. */
  up(): number {
    return Number((this.above + this.below - 1n) / this.below)
  }

  /** The nearest number; exact to the last digits whatever the size of its parts. */
  number(): number {
    const size = this.above < 0n ? -this.above : this.above
    const shift = BigInt(Math.max(0, this.below.toString(2).length - size.toString(2).length + 70))
    const value = Number((size << shift) / this.below) / 2 ** Number(shift)
    return this.above < 0n ? -value : value
  }
}

/** Short for {@link Rational.of}. */
export const exact = (value: string | number | bigint) => Rational.of(value)

/** The product of decimal texts and numbers. */
export const product = (...values: (string | number | bigint)[]) =>
  values.map(exact).reduce((result, value) => result.times(value), exact(1))

function gcd(a: bigint, b: bigint): bigint {
  while (b !== 0n) [a, b] = [b, a % b]
  return a === 0n ? 1n : a
}

/** The binomial coefficient. */
export function choose(n: number, k: number): bigint {
  let result = 1n
  for (let i = 0; i < k; i++) result = (result * BigInt(n - i)) / BigInt(i + 1)
  return result
}

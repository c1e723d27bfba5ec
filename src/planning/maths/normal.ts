const SQRT_TWO_PI = Math.sqrt(2 * Math.PI)

/** Chance that a standard normal variable is x or less; full relative precision in both tails. */
export function normalCdf(x: number): number {
  if (Number.isNaN(x)) return Number.NaN
  const tail = upperTail(Math.abs(x))
  return x > 0 ? 1 - tail : tail
}

/** Chance of more than x, x >= 0: a series near the middle, a continued fraction in the tail. */
function upperTail(x: number): number {
  if (x > 39) return 0
  const density = Math.exp((-x * x) / 2) / SQRT_TWO_PI
  if (x < 3) {
    // The sum of x^(2n+1) / (1 x 3 x 5 ...), all terms positive.
    let term = x
    let sum = x
    for (let n = 1; term > sum * 1e-17; n++) {
      term *= (x * x) / (2 * n + 1)
      sum += term
    }
    return 0.5 - density * sum
  }
  let fraction = 0
  for (let n = 120; n >= 1; n--) fraction = n / (x + fraction)
  return density / (x + fraction)
}

/** Wichura, Algorithm AS 241 (Applied Statistics 37, 1988): numerator and denominator of each of its three ranges. */
const CENTRE = [
  [
    3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987, 67265.7709270087,
    33430.57558358813, 2509.0809287301227,
  ],
  [
    1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271,
    28729.085735721943, 5226.495278852854,
  ],
] as const
const MIDDLE = [
  [
    1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684,
    0.2417807251774506, 0.022723844989269184, 0.0007745450142783414,
  ],
  [
    1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457,
    0.0005475938084995345, 1.0507500716444169e-9,
  ],
] as const
const FAR = [
  [
    6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487, 0.026532189526576124,
    0.0012426609473880784, 0.000027115555687434876, 2.0103343992922881e-7,
  ],
  [
    1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133, 0.000018463183175100548,
    1.421511758316446e-7, 2.0442631033899397e-15,
  ],
] as const

type Polynomials = readonly [readonly number[], readonly number[]]

function ratio([above, below]: Polynomials, x: number): number {
  return polynomial(above, x) / polynomial(below, x)
}

/** A loop: the planner asks for tens of thousands of quantiles in every run. */
function polynomial(coefficients: readonly number[], x: number): number {
  let sum = 0
  for (let i = coefficients.length - 1; i >= 0; i--) sum = sum * x + coefficients[i]!
  return sum
}

/** The x below which a standard normal variable stays with chance p; infinite at 0 and 1, not a number outside. */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) return Number.NaN
  const q = p - 0.5
  if (Math.abs(q) <= 0.425) return q * ratio(CENTRE, 0.180625 - q * q)
  const tail = Math.min(p, 1 - p)
  if (tail === 0) return q < 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  const r = Math.sqrt(-Math.log(tail))
  const size = r <= 5 ? ratio(MIDDLE, r - 1.6) : ratio(FAR, r - 5)
  return q < 0 ? -size : size
}

import type { Grade, Source } from '../grade.ts'
import type { QuantityKind } from './quantities.ts'

interface InputFacts {
  meaning: string
  grade: Grade
  source: Source
}

/** A quantity; `default` and the range are in `unit`, formulas get it in the base unit of its kind. */
export interface QuantityInput extends InputFacts {
  type: 'quantity'
  kind: QuantityKind
  unit: string
  default: number
  min: number
  max: number
  /** The least value itself is too little: nothing divides by it. */
  above?: boolean
}

/** Quantities of one kind in order, such as the cameras of each node. */
export interface ListInput extends Omit<QuantityInput, 'type' | 'default'> {
  type: 'list'
  default: readonly number[]
}

export interface ChoiceInput extends InputFacts {
  type: 'choice'
  words: readonly string[]
  default: string
}

export interface Price {
  amount: number
  currency: string
}

/** An amount of money, for `each` (such as a kWh) if it is a price. */
export interface PriceInput extends InputFacts {
  type: 'price'
  default: Price
  each?: string
}

export type FormulaInput = QuantityInput | ListInput | ChoiceInput | PriceInput
export type InputValue = number | readonly number[] | string | Price
export type Values = Readonly<Record<string, InputValue>>

type ValueOf<I extends FormulaInput> = I extends { type: 'quantity' }
  ? number
  : I extends { type: 'list' }
    ? readonly number[]
    : I extends { type: 'price' }
      ? Price
      : I extends { type: 'choice'; words: readonly (infer Word)[] }
        ? Word
        : never

/** One figure of the answer. Its unit is one of the kind, a word for a plain number, or `money`: the currency of the price. */
export interface FormulaResult {
  meaning: string
  unit: string
  kind?: QuantityKind
}

export interface FormulaOf<Inputs extends Record<string, FormulaInput>, Results extends Record<string, FormulaResult>> {
  /** `group.name`; stable, scripts use it. */
  id: string
  title: string
  /** In symbols, with the names of the inputs. */
  expression: string
  /** What it says, in words. */
  words: string
  inputs: Inputs
  /** The first is *the* result; there is at least one. */
  results: Results
  grade: Grade
  source: Source
  /** Inputs of the worked example, as they are written on the command line. */
  example: { readonly [Name in keyof Inputs]?: string }
  /** Figures in base units, by the names of `results`; throws VMS_E_USAGE for what cannot be. */
  evaluate(values: { readonly [Name in keyof Inputs]: ValueOf<Inputs[Name]> }): Record<keyof Results, number>
  /** What is to be said about the answer for these inputs. */
  note?(values: { readonly [Name in keyof Inputs]: ValueOf<Inputs[Name]> }): string
}

export interface Formula {
  id: string
  title: string
  expression: string
  words: string
  inputs: Readonly<Record<string, FormulaInput>>
  results: Readonly<Record<string, FormulaResult>>
  grade: Grade
  source: Source
  example: Readonly<Record<string, string | undefined>>
  evaluate(values: Values): Record<string, number>
  note?(values: Values): string
}

/** A formula of the registry, its inputs typed where it is written and by name where it is looked up. */
export function formula<
  const Inputs extends Record<string, FormulaInput>,
  const Results extends Record<string, FormulaResult>,
>(of: FormulaOf<Inputs, Results>): Formula {
  return of as unknown as Formula
}

/** The goods, reviews and orders of the example shop: made up, and the same at every start. @module */

/** What is sold. */
export interface Product {
  id: string;
  name: string;
  category: Category;
  /** Euros. */
  price: number;
  /** How many are there. */
  stock: number;
  /** How many were sold. */
  sold: number;
  /** Mean of its ratings, one decimal. */
  rating: number;
}

/** What somebody wrote about a product. */
export interface Review {
  id: string;
  productId: string;
  /** 1 to 5. */
  rating: number;
  text: string;
  author: string;
  /** `2026-03-14` */
  date: string;
}

/** What somebody bought. */
export interface Order {
  id: string;
  productId: string;
  quantity: number;
  /** Euros. */
  total: number;
  status: OrderStatus;
  /** `2026-03-14` */
  date: string;
}

/** All categories, in alphabetical order. */
export const categories = ["audio", "kitchen", "office", "outdoor", "toys"] as const;

/** Kinds of goods. */
export type Category = typeof categories[number];

/** All states of an order, in the order they are passed. */
export const orderStatuses = ["pending", "shipped", "delivered", "returned"] as const;

/** Where an order stands. */
export type OrderStatus = typeof orderStatuses[number];

/** Everything the shop knows. */
export interface ShopData {
  /** By number sold, most first. */
  products: Product[];
  /** Newest first. */
  reviews: Review[];
  /** Newest first. */
  orders: Order[];
}

const reviewCount = 400;
const orderCount = 150;

/** The day the shop's clock stands at, in milliseconds since 1970. */
const today = Date.UTC(2026, 5, 30);
const dayMs = 24 * 60 * 60 * 1000;

const names: Record<Category, string[]> = {
  audio: ["Studio Headphones", "Pocket Speaker", "Turntable", "USB Microphone", "Clock Radio"],
  kitchen: ["Espresso Machine", "Cast Iron Pan", "Hand Grinder", "Bread Knife", "Glass Kettle"],
  office: ["Standing Desk", "Desk Lamp", "Mesh Chair", "Label Printer", "Fountain Pen"],
  outdoor: ["Trail Tent", "Down Sleeping Bag", "Camp Stove", "Head Torch", "Water Filter"],
  toys: ["Wooden Train", "Marble Run", "Kite", "Puzzle of Stars"],
};

const authors = [
  "Ada",
  "Ben",
  "Chloé",
  "Dmitri",
  "Eun-ji",
  "Fatima",
  "Goran",
  "Hana",
  "Ines",
  "Jun",
];

const openings: Record<number, string[]> = {
  1: ["Broke after a week.", "A waste of money.", "Arrived damaged."],
  2: ["Not what I hoped for.", "It works, barely.", "Cheaper than it looks."],
  3: ["It is all right.", "Does what it says.", "Neither good nor bad."],
  4: ["Very good for the price.", "I would buy it again.", "Almost perfect."],
  5: ["The best I have had.", "Worth every cent.", "I use it every day."],
};

const closings = [
  "Delivery was quick.",
  "Delivery took three weeks.",
  "The manual is hard to read.",
  "The battery could last longer.",
  "My sister wants one too.",
  "Customer service answered at once.",
];

/** Makes the data anew: the same seed gives the same shop. */
export function createShopData(seed: number = 7): ShopData {
  const random = createRandom(seed);
  const goods = categories.flatMap((category) =>
    names[category].map((name) => ({ category, name }))
  );
  const products = goods.map(({ category, name }, index): Product => ({
    id: `p${index + 1}`,
    name,
    category,
    price: 5 + random.below(400) + 0.95,
    stock: random.below(120),
    sold: 0,
    rating: 0,
  }));

  const reviews = Array.from({ length: reviewCount }, (_, index): Review => {
    const product = random.pick(products);
    // Each product has a character of its own, so that averages differ.
    const rating = clamp(1 + random.below(5) + (Number(product.id.slice(1)) % 3) - 1, 1, 5);
    return {
      id: `r${index + 1}`,
      productId: product.id,
      rating,
      text: `${random.pick(openings[rating])} ${random.pick(closings)}`,
      author: random.pick(authors),
      date: daysAgo(random.below(540)),
    };
  });

  const orders = Array.from({ length: orderCount }, (_, index): Order => {
    const product = random.pick(products);
    const quantity = 1 + random.below(4);
    product.sold += quantity;
    return {
      id: `o${index + 1}`,
      productId: product.id,
      quantity,
      total: toCents(product.price * quantity),
      status: random.pick([...orderStatuses]),
      date: daysAgo(random.below(180)),
    };
  });

  for (const product of products) product.rating = averageRating(product.id, reviews);
  products.sort((a, b) => b.sold - a.sold || Number(a.id.slice(1)) - Number(b.id.slice(1)));
  reviews.sort(newestFirst);
  orders.sort(newestFirst);
  return { products, reviews, orders };
}

/** Mean rating of a product with one decimal; 0 where nobody rated it. */
export function averageRating(productId: string, reviews: readonly Review[]): number {
  const ratings = reviews.filter((review) => review.productId === productId)
    .map((review) => review.rating);
  if (ratings.length === 0) return 0;
  return Math.round(ratings.reduce((sum, rating) => sum + rating, 0) / ratings.length * 10) / 10;
}

/** The date so many days before the shop's today: `2026-06-29`. */
export function daysAgo(days: number): string {
  return new Date(today - days * dayMs).toISOString().slice(0, 10);
}

/** An amount in euros, rounded to cents. */
export function toCents(amount: number): number {
  return Math.round(amount * 100) / 100;
}

function newestFirst(a: { date: string; id: string }, b: { date: string; id: string }): number {
  if (a.date !== b.date) return a.date < b.date ? 1 : -1;
  return Number(a.id.slice(1)) - Number(b.id.slice(1));
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}

/** Mulberry32: small, and the same everywhere. */
function createRandom(seed: number): { below(end: number): number; pick<T>(items: T[]): T } {
  let state = seed;
  const below = (end: number): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor(((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32 * end);
  };
  return { below, pick: (items) => items[below(items.length)] };
}

// ../src/protocol/frames.ts
var FrameError = class extends Error {
  /** Always `FrameError`. */
  name = "FrameError";
};
var headerBytes = 4;
var encoder = new TextEncoder();
function encodeFrame(text) {
  const body = encoder.encode(text);
  const frame = new Uint8Array(headerBytes + body.length);
  new DataView(frame.buffer).setUint32(0, body.length);
  frame.set(body, headerBytes);
  return frame;
}
var FrameReader = class {
  /**
   * Begins between two frames.
   *
   * @param maxBytes Of one frame's text, in UTF-8.
   */
  constructor(maxBytes) {
    this.maxBytes = maxBytes;
  }
  maxBytes;
  #decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  #header = new Uint8Array(headerBytes);
  #headerFilled = 0;
  #body;
  #bodyFilled = 0;
  /** Whether the stream may end here: no frame has been begun. */
  get isBetweenFrames() {
    return this.#headerFilled === 0;
  }
  /**
   * Takes the next bytes and gives the texts of the frames they complete.
   *
   * @throws {FrameError} Where a frame is empty, too long or not UTF-8.
   */
  *read(bytes) {
    let offset = 0;
    while (offset < bytes.length) {
      if (this.#body === void 0) {
        offset += this.#readHeader(bytes, offset);
        continue;
      }
      const part = bytes.subarray(offset, offset + this.#body.length - this.#bodyFilled);
      this.#body.set(part, this.#bodyFilled);
      this.#bodyFilled += part.length;
      offset += part.length;
      if (this.#bodyFilled === this.#body.length) yield this.#takeText(this.#body);
    }
  }
  #readHeader(bytes, offset) {
    const part = bytes.subarray(offset, offset + headerBytes - this.#headerFilled);
    this.#header.set(part, this.#headerFilled);
    this.#headerFilled += part.length;
    if (this.#headerFilled === headerBytes) {
      const length = new DataView(this.#header.buffer).getUint32(0);
      if (length === 0) throw new FrameError("Cannot read a frame: it is empty");
      if (length > this.maxBytes) {
        throw new FrameError(`Cannot read a frame: ${length} bytes, at most ${this.maxBytes}`);
      }
      this.#body = new Uint8Array(length);
      this.#bodyFilled = 0;
    }
    return part.length;
  }
  #takeText(body) {
    this.#body = void 0;
    this.#headerFilled = 0;
    try {
      return this.#decoder.decode(body);
    } catch (cause) {
      throw new FrameError("Cannot read a frame: it is not UTF-8", { cause });
    }
  }
};

// checker/guards.ts
function readNameGuards(ts, file) {
  const inTypeof = /* @__PURE__ */ new Set();
  let makesGlobals = false;
  const visit = (node) => {
    if (ts.isTypeOfExpression(node) && ts.isIdentifier(node.expression)) {
      inTypeof.add(node.expression.text);
    }
    if (ts.isIdentifier(node) && node.text === "globalThis") makesGlobals = true;
    ts.forEachChild(node, visit);
  };
  visit(file);
  return { inTypeof, makesGlobals };
}
function isInTry(ts, node) {
  return hasAncestor(
    node,
    (parent, inner) => ts.isTryStatement(parent) && parent.tryBlock === inner && parent.catchClause !== void 0
  );
}
function isFailureHandled(ts, node) {
  return isInTry(ts, node) || hasAncestor(node, (parent, inner) => {
    if (!ts.isCallExpression(parent) || !ts.isPropertyAccessExpression(parent.expression)) {
      return false;
    }
    const method = parent.expression.name.text;
    return method === "allSettled" || parent.expression === inner && (method === "catch" || method === "then" && parent.arguments.length > 1);
  });
}
function hasAncestor(node, is) {
  for (let inner = node; inner.parent !== void 0; inner = inner.parent) {
    if (is(inner.parent, inner)) return true;
  }
  return false;
}
function isAskedFor(ts, expression) {
  const { parent } = expression;
  if (ts.isParenthesizedExpression(parent) || ts.isNonNullExpression(parent)) {
    return isAskedFor(ts, parent);
  }
  if (ts.isCallExpression(parent) || ts.isPropertyAccessExpression(parent)) {
    return parent.expression === expression && parent.questionDotToken !== void 0;
  }
  if (ts.isElementAccessExpression(parent)) {
    return parent.expression === expression && parent.questionDotToken !== void 0;
  }
  if (ts.isPrefixUnaryExpression(parent)) {
    return parent.operator === ts.SyntaxKind.ExclamationToken;
  }
  if (ts.isConditionalExpression(parent)) return parent.condition === expression;
  if (ts.isBinaryExpression(parent)) return isOperandOfQuestion(ts, parent, expression);
  return ts.isTypeOfExpression(parent) || ts.isIfStatement(parent) || ts.isWhileStatement(parent);
}
function isOperandOfQuestion(ts, { left, operatorToken }, operand) {
  switch (operatorToken.kind) {
    case ts.SyntaxKind.AmpersandAmpersandToken:
    case ts.SyntaxKind.BarBarToken:
    case ts.SyntaxKind.QuestionQuestionToken:
      return left === operand;
    case ts.SyntaxKind.EqualsEqualsToken:
    case ts.SyntaxKind.EqualsEqualsEqualsToken:
    case ts.SyntaxKind.ExclamationEqualsToken:
    case ts.SyntaxKind.ExclamationEqualsEqualsToken:
      return true;
    default:
      return false;
  }
}

// checker/surely_wrong.ts
var maxDepth = 8;
var SurelyWrong = class {
  #ts;
  #checker;
  constructor(ts, checker) {
    [this.#ts, this.#checker] = [ts, checker];
  }
  /** Whether a call lacks arguments or has wrong ones. */
  call(call, signature) {
    const { parameters, declaration } = signature;
    if (call.arguments.some((argument) => this.#ts.isSpreadElement(argument))) return false;
    const required = declaration?.parameters.filter(
      (parameter) => !("questionToken" in parameter) || parameter.questionToken === void 0
    ).length ?? 0;
    if (call.arguments.length < required) return true;
    return call.arguments.slice(0, parameters.length).some(
      (argument, index) => this.#expression(argument, this.#checker.getTypeOfSymbol(parameters[index]), 0)
    );
  }
  #expression(expression, target, depth) {
    const ts = this.#ts;
    if (this.#takesAll(target) || depth > maxDepth) return false;
    if (ts.isParenthesizedExpression(expression) || ts.isSatisfiesExpression(expression)) {
      return this.#expression(expression.expression, target, depth);
    }
    if (ts.isConditionalExpression(expression)) {
      return this.#expression(expression.whenTrue, target, depth) && this.#expression(expression.whenFalse, target, depth);
    }
    if (ts.isObjectLiteralExpression(expression)) {
      return partsOf(target).every((part) => this.#object(expression, part, depth + 1));
    }
    if (ts.isArrayLiteralExpression(expression)) {
      return partsOf(target).every((part) => this.#list(expression, part, depth + 1));
    }
    return this.#type(this.#checker.getTypeAtLocation(expression), target, depth);
  }
  #object(literal, target, depth) {
    if (this.#takesAll(target)) return false;
    if (!isObject(this.#ts, target) || this.#isList(target)) return true;
    const given = /* @__PURE__ */ new Set();
    let isOpen = false;
    for (const property of literal.properties) {
      const name = property.name === void 0 ? void 0 : this.#nameOf(property.name);
      if (name === void 0) {
        isOpen = true;
        continue;
      }
      given.add(name);
      if (this.#isWrongProperty(property, name, target, depth)) return true;
    }
    return !isOpen && this.#checker.getPropertiesOfType(target).some(
      (property) => (property.flags & this.#ts.SymbolFlags.Optional) === 0 && !given.has(property.name)
    );
  }
  #isWrongProperty(property, name, target, depth) {
    const symbol = this.#checker.getPropertyOfType(target, name);
    if (symbol === void 0) {
      return this.#checker.getIndexInfosOfType(target).length === 0 && this.#checker.getPropertiesOfType(target).length > 0;
    }
    const type = this.#checker.getTypeOfSymbol(symbol);
    if (this.#ts.isPropertyAssignment(property)) {
      return this.#expression(property.initializer, type, depth);
    }
    if (!this.#ts.isShorthandPropertyAssignment(property)) return false;
    const value = this.#checker.getShorthandAssignmentValueSymbol(property);
    return value !== void 0 && this.#type(this.#checker.getTypeOfSymbolAtLocation(value, property.name), type, depth);
  }
  #nameOf(name) {
    const ts = this.#ts;
    const isPlain = ts.isIdentifier(name) || ts.isStringLiteralLike(name) || ts.isNumericLiteral(name);
    return isPlain ? name.text : void 0;
  }
  #list(literal, target, depth) {
    if (this.#takesAll(target)) return false;
    if (!this.#isList(target)) return true;
    const element = this.#elementOf(target);
    return element !== void 0 && !this.#checker.isTupleType(target) && literal.elements.some(
      (item) => !this.#ts.isSpreadElement(item) && this.#expression(item, element, depth)
    );
  }
  #type(source, target, depth) {
    if (depth > maxDepth || this.#takesAll(target) || this.#isOpen(source)) return false;
    if (source.isUnion()) {
      return source.types.every((part) => this.#type(part, target, depth + 1));
    }
    if (target.isUnion()) {
      return target.types.every((part) => this.#type(source, part, depth + 1));
    }
    const [given, wanted] = [this.#kindOf(source), this.#kindOf(target)];
    if (given === void 0 || wanted === void 0) return false;
    if (given !== "object" || wanted !== "object") return this.#isOtherValue(source, target);
    return this.#objectType(source, target, depth + 1);
  }
  /** Of two types, at least one of them primitive. */
  #isOtherValue(source, target) {
    const kind = this.#kindOf(source);
    if (kind !== this.#kindOf(target)) {
      return kind !== "object" || !this.#checker.getPropertyOfType(source, "toJSON");
    }
    if (kind === "boolean") {
      return this.#isLiteral(source) && this.#isLiteral(target) && source !== target;
    }
    return source.isLiteral() && target.isLiteral() && source.value !== target.value;
  }
  #objectType(source, target, depth) {
    if (this.#checker.getPropertyOfType(source, "toJSON")) return false;
    if (this.#isList(source) !== this.#isList(target)) {
      return this.#isList(source) || this.#checker.getPropertiesOfType(source).length > 0;
    }
    if (this.#isList(source)) {
      const [given, wanted] = [this.#elementOf(source), this.#elementOf(target)];
      return given !== void 0 && wanted !== void 0 && this.#type(given, wanted, depth);
    }
    return this.#checker.getPropertiesOfType(target).some((property) => {
      const given = this.#checker.getPropertyOfType(source, property.name);
      return given !== void 0 && this.#type(
        this.#checker.getTypeOfSymbol(given),
        this.#checker.getTypeOfSymbol(property),
        depth
      );
    });
  }
  #kindOf({ flags }) {
    const { TypeFlags } = this.#ts;
    if (flags & TypeFlags.StringLike) return "string";
    if (flags & TypeFlags.NumberLike) return "number";
    if (flags & TypeFlags.BooleanLike) return "boolean";
    if (flags & (TypeFlags.BigIntLike | TypeFlags.ESSymbolLike)) return "other";
    return flags & TypeFlags.Object ? "object" : void 0;
  }
  /** Nothing is known of it, or it may be left out. */
  #isOpen({ flags }) {
    const { Any, Unknown, Never, Null, Undefined, Void } = this.#ts.TypeFlags;
    return (flags & (Any | Unknown | Never | Null | Undefined | Void)) !== 0;
  }
  /** Every value will do: `any`, `unknown`, `{}`. */
  #takesAll(type) {
    const { Any, Unknown, NonPrimitive } = this.#ts.TypeFlags;
    if (type.flags & (Any | Unknown | NonPrimitive)) return true;
    return this.#kindOf(type) === "object" && this.#checker.getPropertiesOfType(type).length === 0 && this.#checker.getIndexInfosOfType(type).length === 0;
  }
  #isLiteral({ flags }) {
    return (flags & this.#ts.TypeFlags.BooleanLiteral) !== 0;
  }
  #isList(type) {
    return this.#checker.isArrayLikeType(type);
  }
  #elementOf(type) {
    return this.#checker.getIndexTypeOfType(type, this.#ts.IndexKind.Number);
  }
};
function partsOf(type) {
  return type.isUnion() ? type.types : [type];
}
function isObject(ts, { flags }) {
  return (flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) !== 0;
}

// checker/unknown_tools.ts
var neverTools = /* @__PURE__ */ new Set([
  ...Object.getOwnPropertyNames(Object.prototype),
  "then",
  "toJSON",
  "prototype",
  "inspect"
]);
var UnknownTools = class {
  #ts;
  #checker;
  #checked;
  #tools;
  #found = [];
  #askedFor = /* @__PURE__ */ new Set();
  constructor(ts, checker, checked) {
    [this.#ts, this.#checker, this.#checked] = [ts, checker, checked];
    const symbol = checker.getSymbolsInScope(checked.file, ts.SymbolFlags.Variable).find(({ name }) => name === "tools");
    this.#tools = symbol && checker.getTypeOfSymbol(symbol);
  }
  /** All of them, in the order in which they stand. */
  find() {
    this.#visit(this.#checked.file);
    return this.#found.map((tool) => ({
      ...tool,
      isGuarded: tool.isGuarded || this.#askedFor.has(`${tool.owner}.${tool.name}`)
    }));
  }
  #visit(node) {
    const ts = this.#ts;
    if (ts.isPropertyAccessExpression(node)) this.#access(node, node.expression, node.name);
    if (ts.isElementAccessExpression(node)) {
      this.#access(node, node.expression, node.argumentExpression);
    }
    if (ts.isVariableDeclaration(node) && ts.isObjectBindingPattern(node.name)) {
      if (node.initializer !== void 0) this.#destructure(node.name, node.initializer);
    }
    if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.InKeyword) {
      const owner = this.#ownerOf(node.right);
      if (owner !== void 0 && ts.isStringLiteralLike(node.left)) {
        this.#askedFor.add(`${owner.name}.${node.left.text}`);
      }
    }
    ts.forEachChild(node, (child) => this.#visit(child));
  }
  #access(node, object, key) {
    const ts = this.#ts;
    if (!ts.isIdentifier(key) && !ts.isStringLiteralLike(key)) return;
    if (ts.isElementAccessExpression(node) && ts.isIdentifier(key)) return;
    const owner = this.#ownerOf(object);
    if (owner === void 0) return;
    if (isAskedFor(ts, node)) this.#askedFor.add(`${owner.name}.${key.text}`);
    this.#note(owner, key, key.text, false);
  }
  #destructure(pattern, value) {
    const owner = this.#ownerOf(value);
    if (owner === void 0) return;
    for (const { name, propertyName, dotDotDotToken, initializer } of pattern.elements) {
      const key = propertyName ?? name;
      if (dotDotDotToken !== void 0) continue;
      if (!this.#ts.isIdentifier(key) && !this.#ts.isStringLiteralLike(key)) continue;
      this.#note(owner, key, key.text, initializer !== void 0);
    }
  }
  #note(owner, node, name, isGuarded) {
    if (neverTools.has(name) || this.#isKnown(owner, name)) return;
    this.#found.push({ node, name, owner: owner.name, isGuarded });
  }
  /** A tool is known by either of its names; `tools` has both. */
  #isKnown({ name: namespace, type }, name) {
    if (this.#checker.getPropertyOfType(type, name) !== void 0) return true;
    const server = this.#tools && this.#checker.getPropertyOfType(this.#tools, namespace);
    return server !== void 0 && this.#checker.getPropertyOfType(this.#checker.getTypeOfSymbol(server), name) !== void 0;
  }
  /** The namespace of tools, or `tools`, that an expression is. */
  #ownerOf(expression) {
    const type = this.#checker.getTypeAtLocation(expression);
    if (type === this.#tools) return { name: "tools", type };
    const parts = type.isIntersection() ? type.types : [type];
    const namespace = parts.find((part) => this.#isNamespace(part))?.symbol.name;
    return namespace === void 0 ? void 0 : { name: namespace, type };
  }
  #isNamespace({ symbol }) {
    const ts = this.#ts;
    return symbol !== void 0 && (symbol.flags & ts.SymbolFlags.ValueModule) !== 0 && symbol.declarations?.[0]?.getSourceFile().fileName === this.#checked.tools;
  }
};

// code_fence.ts
function withoutFence(code) {
  const opening = /^\s*(`{3,}|~{3,})[^\n`]*\n/.exec(code);
  const closing = code.trimEnd();
  if (opening === null || !closing.endsWith(`
${opening[1]}`)) return code;
  const blank = opening[0].replace(/[^\n]/g, " ");
  return blank + closing.slice(opening[0].length, closing.length - opening[1].length);
}

// checker/wrap_code.ts
var prefixLines = 1;
var prefix = 'void async function () {"use strict";\n';
var suffix = "\n}";
function wrapCode(ts, sent) {
  return `${prefix}${withoutDefaultExport(ts, withoutFence(sent))}${suffix}`;
}
function wrapLoneFunction(sent) {
  const code = withoutFence(sent);
  if (!/^\s*(async\s+)?function\b/.test(code)) return void 0;
  return `${prefix.trimEnd()}(
${code.replace(/[\s;]+$/, "")}
)${suffix}`;
}
function isWrapped(ts, { statements }) {
  return statements.length === 1 && ts.isExpressionStatement(statements[0]) && ts.isVoidExpression(statements[0].expression);
}
function withoutDefaultExport(ts, code) {
  if (!/\bexport\b/.test(code)) return code;
  const file = ts.createSourceFile("code.ts", code, ts.ScriptTarget.ESNext);
  for (const statement of file.statements) {
    if (ts.isExportAssignment(statement) && !statement.isExportEquals) {
      const start = statement.getStart(file);
      return replaceHead(code, start, statement.expression.getStart(file), "return");
    }
    if (ts.isFunctionDeclaration(statement) && isDefault(ts, statement)) {
      const keyword = statement.name === void 0 ? "return" : "      ";
      const end = statement.modifiers?.findLast(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword)?.end ?? 0;
      return replaceHead(code, statement.getStart(file), end, keyword);
    }
  }
  return code;
}
function isDefault(ts, node) {
  return node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword) ?? false;
}
function replaceHead(code, start, end, keyword) {
  const head = code.slice(start, end).replace("export", keyword).replace("default", "       ");
  return code.slice(0, start) + head + code.slice(end);
}

// checker/find_faults.ts
var maxFindings = 20;
var maxMessage = 300;
var unknownNames = /* @__PURE__ */ new Set([
  2304,
  2552,
  2580,
  2581,
  2582,
  2583,
  2584,
  2591,
  2592,
  2593,
  2867,
  2868,
  18004
]);
var unknownProperties = /* @__PURE__ */ new Set([2339, 2551, 7053]);
function findFaults(ts, program, checked) {
  const { file } = checked;
  const syntax = program.getSyntacticDiagnostics(file);
  if (syntax.length > 0) {
    return syntax.slice(0, maxFindings).map((diagnostic) => ({
      kind: "syntax",
      ...describe(ts, file, diagnostic)
    }));
  }
  if (!isWrapped(ts, file)) return [];
  const findings = new FaultFinder(ts, program, checked).find();
  const isRemark = ({ kind }) => kind === "remark";
  return [
    ...findings.filter((finding) => !isRemark(finding)).slice(0, maxFindings),
    ...findings.filter(isRemark).slice(0, maxFindings)
  ];
}
var FaultFinder = class {
  #ts;
  #checker;
  #program;
  #checked;
  #surelyWrong;
  #guards;
  constructor(ts, program, checked) {
    [this.#ts, this.#program, this.#checked] = [ts, program, checked];
    this.#checker = program.getTypeChecker();
    this.#surelyWrong = new SurelyWrong(ts, this.#checker);
    this.#guards = readNameGuards(ts, checked.file);
  }
  find() {
    const { file } = this.#checked;
    const tools = this.#unknownTools();
    const others = this.#program.getSemanticDiagnostics(file).filter(({ code, start }) => !unknownProperties.has(code) || !tools.starts.has(start)).map((diagnostic) => this.#judge(diagnostic)).filter(({ name }) => name === void 0 || !this.#guards.inTypeof.has(name));
    return [...tools.findings, ...this.#absentGlobals(), ...others].toSorted((a, b) => a.line - b.line || a.column - b.column);
  }
  #unknownTools() {
    const { file } = this.#checked;
    const unknown = new UnknownTools(this.#ts, this.#checker, this.#checked).find();
    const { open } = this.#checked;
    const findings = unknown.filter(({ owner, name }) => !open.has(owner === "tools" ? name : owner)).map(({ node, name, owner, isGuarded }) => ({
      kind: isGuarded || isFailureHandled(this.#ts, node) ? "remark" : "unknown_tool",
      ...placeOf(file, node.getStart(file)),
      message: owner === "tools" ? `There is no server "${name}"` : `Server "${owner}" has no tool "${name}"`,
      name,
      tool: owner
    }));
    return { findings, starts: new Set(unknown.map(({ node }) => node.getStart(file))) };
  }
  /** Globals that TypeScript knows of and the guest does not have. */
  #absentGlobals() {
    const ts = this.#ts;
    const findings = [];
    const visit = (node) => {
      if (ts.isIdentifier(node) && this.#isAbsent(node)) {
        findings.push(this.#unknownName(node, `Cannot find name '${node.text}'`));
      }
      ts.forEachChild(node, visit);
    };
    visit(this.#checked.file);
    return findings;
  }
  #isAbsent(node) {
    const ts = this.#ts;
    if (!this.#checked.absent.has(node.text) || ts.isPartOfTypeNode(node)) return false;
    if (ts.isPropertyAccessExpression(node.parent) && node.parent.name === node) return false;
    const declarations = this.#checker.getSymbolAtLocation(node)?.declarations ?? [];
    return declarations.length > 0 && declarations.every((at) => at.getSourceFile().fileName.startsWith("/lib/")) && !ts.isPropertySignature(declarations[0]);
  }
  #judge(diagnostic) {
    const { file } = this.#checked;
    const described = describe(this.#ts, file, diagnostic);
    const node = this.#nodeAt(diagnostic.start ?? 0);
    if (unknownNames.has(diagnostic.code) && this.#ts.isIdentifier(node)) {
      return this.#unknownName(node, described.message);
    }
    const call = this.#wrongCallAround(node);
    if (call === void 0) return { kind: "remark", ...described };
    const path = this.#pathTo(node, call.node);
    const at = path === "" ? "" : ` at "${path}"`;
    const message = `Wrong arguments for ${call.tool}${at}: ${described.message}`;
    return { kind: "wrong_arguments", ...described, message, tool: call.tool };
  }
  #unknownName(node, message) {
    const ts = this.#ts;
    const mayBeMissing = ts.isPartOfTypeNode(node) || this.#guards.makesGlobals || isInTry(ts, node);
    return {
      kind: mayBeMissing ? "remark" : "unknown_name",
      ...placeOf(this.#checked.file, node.getStart(this.#checked.file)),
      message,
      name: node.text
    };
  }
  /** The innermost call of a tool around a node, if that call is surely wrong and nothing deals with it. */
  #wrongCallAround(node) {
    const ts = this.#ts;
    for (let at = node; at !== void 0 && !ts.isFunctionLike(at); at = at.parent) {
      if (!ts.isCallExpression(at)) continue;
      const signature = this.#checker.getResolvedSignature(at);
      const tool = signature && this.#toolOf(signature);
      if (tool === void 0 || signature === void 0) continue;
      const isWrong = this.#surelyWrong.call(at, signature) && !isFailureHandled(ts, at);
      return isWrong ? { node: at, tool } : void 0;
    }
    return void 0;
  }
  /** Where in the arguments of a call a node stands: `range.from`. */
  #pathTo(node, call) {
    const keys = [];
    for (let at = node; at !== call; at = at.parent) {
      if (this.#ts.isObjectLiteralElementLike(at) && at.name !== void 0) {
        keys.unshift(at.name.getText(this.#checked.file));
      }
    }
    return keys.join(".").slice(0, 100);
  }
  /** The tool that a signature declares: a function of a namespace, or a method of `memory` or `tools`. */
  #toolOf({ declaration }) {
    const ts = this.#ts;
    if (declaration?.getSourceFile().fileName !== this.#checked.tools) return void 0;
    const name = "name" in declaration ? declaration.name : void 0;
    if (name === void 0 || !ts.isIdentifier(name)) return void 0;
    for (let at = declaration.parent; at !== void 0; at = at.parent) {
      if (!ts.isModuleDeclaration(at) && !ts.isVariableDeclaration(at)) continue;
      return ts.isIdentifier(at.name) ? `${at.name.text}.${name.text}` : void 0;
    }
    return void 0;
  }
  /** The innermost node at a position. */
  #nodeAt(position) {
    const { file } = this.#checked;
    const find = (node) => {
      const inner = this.#ts.forEachChild(
        node,
        (child) => child.getStart(file) <= position && position < child.end ? child : void 0
      );
      return inner === void 0 ? node : find(inner);
    };
    return find(file);
  }
};
function describe(ts, file, { start, messageText }) {
  const lines = ts.flattenDiagnosticMessageText(messageText, "\n").split("\n").map(
    (line) => line.trim().replace(/\.$/, "")
  );
  const whole = lines.join(": ");
  const message = whole.length <= maxMessage ? whole : lines[lines.length - 1];
  const shown = message.length <= maxMessage ? message : `${message.slice(0, maxMessage)}…`;
  return { ...placeOf(file, start ?? 0), message: shown };
}
function placeOf(file, position) {
  const { line, character } = file.getLineAndCharacterOfPosition(position);
  return { line: Math.max(1, line + 1 - prefixLines), column: character + 1 };
}

// checker/check_service.ts
var guestFile = "/guest.d.ts";
var libraryFolder = "/lib/";
function shareFiles(ts, given) {
  const { libraries, main, guestLib, absent } = given;
  const snapshots = new Map(
    Object.entries(libraries).map(([name, text]) => [
      libraryFolder + name,
      ts.ScriptSnapshot.fromString(text)
    ])
  );
  snapshots.set(guestFile, ts.ScriptSnapshot.fromString(guestLib));
  return {
    registry: ts.createDocumentRegistry(true),
    snapshots,
    mainLibrary: libraryFolder + main,
    absent: new Set(absent)
  };
}
var services = 0;
var CheckService = class {
  #ts;
  #shared;
  #open;
  #service;
  // The registry knows files by name: of those that differ, each service has its own.
  #codeFile;
  #toolsFile;
  #code;
  #version = 0;
  /**
   * @param open Namespaces that have tools which the declarations leave out.
   */
  constructor(ts, shared, declarations, open) {
    [this.#ts, this.#shared, this.#open] = [ts, shared, new Set(open)];
    const number = ++services;
    [this.#codeFile, this.#toolsFile] = [`/code_${number}.ts`, `/tools_${number}.d.ts`];
    this.#code = ts.ScriptSnapshot.fromString("");
    const files = new Map(shared.snapshots);
    files.set(this.#toolsFile, ts.ScriptSnapshot.fromString(declarations));
    this.#service = ts.createLanguageService(this.#host(files), shared.registry);
  }
  /** Checks code in any form that the host takes. */
  check(code) {
    const findings = this.#find(wrapCode(this.#ts, code));
    const lone = findings.some(({ kind }) => kind === "syntax") ? wrapLoneFunction(code) : void 0;
    if (lone === void 0) return findings;
    const asFunction = this.#find(lone);
    return asFunction.some(({ kind }) => kind === "syntax") ? findings : asFunction;
  }
  /** Gives back what it holds of the shared registry. */
  dispose() {
    this.#service.dispose();
  }
  #find(text) {
    this.#code = this.#ts.ScriptSnapshot.fromString(text);
    this.#version++;
    const program = this.#service.getProgram();
    const file = program?.getSourceFile(this.#codeFile);
    if (program === void 0 || file === void 0) {
      throw new TypeError("Cannot check code: TypeScript has no program");
    }
    return findFaults(this.#ts, program, {
      file,
      tools: this.#toolsFile,
      open: this.#open,
      absent: this.#shared.absent
    });
  }
  #host(files) {
    const { ScriptTarget, ModuleKind, ModuleDetectionKind, ModuleResolutionKind } = this.#ts;
    const options = {
      target: ScriptTarget.ESNext,
      module: ModuleKind.ESNext,
      moduleDetection: ModuleDetectionKind.Force,
      moduleResolution: ModuleResolutionKind.Bundler,
      strict: false,
      types: [],
      noEmit: true,
      skipLibCheck: true,
      allowUnreachableCode: true,
      allowUnusedLabels: true
    };
    const snapshot = (name) => name === this.#codeFile ? this.#code : files.get(name);
    return {
      getCompilationSettings: () => options,
      getScriptFileNames: () => [guestFile, this.#toolsFile, this.#codeFile],
      getScriptVersion: (name) => name === this.#codeFile ? `${this.#version}` : "0",
      getScriptSnapshot: snapshot,
      getCurrentDirectory: () => "/",
      getDefaultLibFileName: () => this.#shared.mainLibrary,
      useCaseSensitiveFileNames: () => true,
      fileExists: (name) => snapshot(name) !== void 0,
      readFile: (name) => snapshot(name)?.getText(0, snapshot(name)?.getLength() ?? 0),
      directoryExists: () => false,
      getDirectories: () => []
    };
  }
};

// checker/load_typescript.ts
var vm = process.getBuiltinModule("vm");
function loadTypeScript(text) {
  const script = new vm.Script(`(function (module, exports, require, process) {${text}
})`, {
    filename: "typescript.js"
  });
  const load = script.runInThisContext();
  const module = { exports: {} };
  load(module, module.exports);
  assertTypeScript(module.exports);
  return module.exports;
}
function assertTypeScript(loaded) {
  if (typeof loaded.createLanguageService !== "function") {
    throw new TypeError("Cannot load TypeScript: the text is another");
  }
}

// checker.ts
var maxFrameBytes = 64 * 1024 * 1024;
var Checker = class {
  #ts;
  #shared;
  #services = /* @__PURE__ */ new Map();
  /** Takes a frame of the server; the first two bring TypeScript and its libraries. */
  receive(text) {
    if (this.#ts === void 0) {
      this.#ts = loadTypeScript(text);
      return void 0;
    }
    if (this.#shared === void 0) {
      const libraries = JSON.parse(text);
      this.#shared = shareFiles(this.#ts, libraries);
      new CheckService(this.#ts, this.#shared, "", []).check("await Promise.resolve([1])");
      return { type: "ready" };
    }
    const request = JSON.parse(text);
    switch (request.type) {
      case "declare": {
        const { key, declarations, open } = request;
        const service = new CheckService(this.#ts, this.#shared, declarations, open);
        this.#services.set(key, service);
        service.check("");
        return { type: "declared" };
      }
      case "forget":
        this.#services.get(request.key)?.dispose();
        this.#services.delete(request.key);
        return void 0;
      case "check":
        return this.#check(request.key, request.code);
      default:
        return request;
    }
  }
  #check(key, code) {
    const service = this.#services.get(key);
    if (service === void 0) throw new TypeError(`Cannot check code: no declarations "${key}"`);
    let findings;
    try {
      findings = service.check(code);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return { type: "unreadable" };
    }
    return { type: "checked", findings };
  }
};
function send(message) {
  const frame = encodeFrame(JSON.stringify(message));
  for (let written = 0; written < frame.length; ) {
    written += Deno.stdout.writeSync(frame.subarray(written));
  }
}
async function serveChecker() {
  const checker = new Checker();
  const frames = new FrameReader(maxFrameBytes);
  for await (const bytes of Deno.stdin.readable) {
    for (const text of frames.read(bytes)) {
      const answer = checker.receive(text);
      if (answer !== void 0) send(answer);
    }
  }
}
var rights = ["read", "write", "net", "env", "run", "ffi", "sys", "import"];
for (const name of rights) Deno.permissions.revokeSync({ name });
await serveChecker();

-- The kinds. One table each; columns are the noun's fields by name. Money has a second column (_cur); the field that names a record has two more: its
-- pinyin sort key (_key) and its fold (_fold).

CREATE TABLE customers (
	"id"                 {text} NOT NULL UNIQUE,
	"n"                  {n},
	"version"            bigint NOT NULL DEFAULT 0,
	"title"              {text} NOT NULL DEFAULT '',
	"status"             {text} NOT NULL DEFAULT '',
	"owner"              {text} NOT NULL DEFAULT '',
	"department"         {text} NOT NULL DEFAULT '',
	"created_at"         bigint,
	"updated_at"         bigint,
	"deleted_at"         bigint,
	"name"               {text} NOT NULL DEFAULT '',
	"name_key"           {text} NOT NULL DEFAULT '',
	"name_fold"          {text} NOT NULL DEFAULT '',
	"short_name"         {text} NOT NULL DEFAULT '',
	"type"               {text} NOT NULL DEFAULT '',
	"tax_id"             {text} NOT NULL DEFAULT '',
	"phone"              {text} NOT NULL DEFAULT '',
	"email"              {text} NOT NULL DEFAULT '',
	"region"             {text} NOT NULL DEFAULT '',
	"address"            {text} NOT NULL DEFAULT '',
	"industry"           {text} NOT NULL DEFAULT '',
	"since"              {text} NOT NULL DEFAULT '',
	"note"               {text} NOT NULL DEFAULT ''
);
CREATE INDEX customers_department ON customers ("department", "n");
CREATE INDEX customers_name ON customers ("name_key", "n");
CREATE INDEX customers_name_fold ON customers ("name_fold");
CREATE INDEX customers_tax_id ON customers ("tax_id", "n");
{search customers};

CREATE TABLE contacts (
	"id"                 {text} NOT NULL UNIQUE,
	"n"                  {n},
	"version"            bigint NOT NULL DEFAULT 0,
	"title"              {text} NOT NULL DEFAULT '',
	"status"             {text} NOT NULL DEFAULT '',
	"owner"              {text} NOT NULL DEFAULT '',
	"department"         {text} NOT NULL DEFAULT '',
	"created_at"         bigint,
	"updated_at"         bigint,
	"deleted_at"         bigint,
	"name"               {text} NOT NULL DEFAULT '',
	"name_key"           {text} NOT NULL DEFAULT '',
	"name_fold"          {text} NOT NULL DEFAULT '',
	"customer"           {text} NOT NULL DEFAULT '',
	"position"           {text} NOT NULL DEFAULT '',
	"phone"              {text} NOT NULL DEFAULT '',
	"email"              {text} NOT NULL DEFAULT '',
	"note"               {text} NOT NULL DEFAULT ''
);
CREATE INDEX contacts_department ON contacts ("department", "n");
CREATE INDEX contacts_name ON contacts ("name_key", "n");
CREATE INDEX contacts_name_fold ON contacts ("name_fold");
CREATE INDEX contacts_customer ON contacts ("customer", "n");
{search contacts};

CREATE TABLE products (
	"id"                 {text} NOT NULL UNIQUE,
	"n"                  {n},
	"version"            bigint NOT NULL DEFAULT 0,
	"title"              {text} NOT NULL DEFAULT '',
	"status"             {text} NOT NULL DEFAULT '',
	"owner"              {text} NOT NULL DEFAULT '',
	"department"         {text} NOT NULL DEFAULT '',
	"created_at"         bigint,
	"updated_at"         bigint,
	"deleted_at"         bigint,
	"name"               {text} NOT NULL DEFAULT '',
	"name_key"           {text} NOT NULL DEFAULT '',
	"name_fold"          {text} NOT NULL DEFAULT '',
	"code"               {text} NOT NULL DEFAULT '',
	"unit"               {text} NOT NULL DEFAULT '',
	"price"              bigint,
	"price_cur"          {text} NOT NULL DEFAULT '',
	"aliases"            {text} NOT NULL DEFAULT '',
	"note"               {text} NOT NULL DEFAULT ''
);
CREATE INDEX products_department ON products ("department", "n");
CREATE INDEX products_name ON products ("name_key", "n");
CREATE INDEX products_name_fold ON products ("name_fold");
CREATE UNIQUE INDEX products_code_once ON products ("code") WHERE "code" <> '' AND deleted_at IS NULL;
CREATE INDEX products_code ON products ("code", "n");
{search products};

CREATE TABLE orders (
	"id"                 {text} NOT NULL UNIQUE,
	"n"                  {n},
	"version"            bigint NOT NULL DEFAULT 0,
	"title"              {text} NOT NULL DEFAULT '',
	"status"             {text} NOT NULL DEFAULT '',
	"owner"              {text} NOT NULL DEFAULT '',
	"department"         {text} NOT NULL DEFAULT '',
	"created_at"         bigint,
	"updated_at"         bigint,
	"deleted_at"         bigint,
	"number"             {text} NOT NULL DEFAULT '',
	"customer"           {text} NOT NULL DEFAULT '',
	"contact"            {text} NOT NULL DEFAULT '',
	"ordered_on"         {text} NOT NULL DEFAULT '',
	"stage"              {text} NOT NULL DEFAULT '',
	"amount"             bigint,
	"amount_cur"         {text} NOT NULL DEFAULT '',
	"address"            {text} NOT NULL DEFAULT '',
	"lines"              {text} NOT NULL DEFAULT '',
	"note"               {text} NOT NULL DEFAULT ''
);
CREATE INDEX orders_department ON orders ("department", "n");
CREATE UNIQUE INDEX orders_number_once ON orders ("number") WHERE "number" <> '' AND deleted_at IS NULL;
CREATE INDEX orders_number ON orders ("number", "n");
CREATE INDEX orders_customer ON orders ("customer", "n");
CREATE INDEX orders_ordered_on ON orders ("ordered_on", "n");
CREATE INDEX orders_amount ON orders ("amount_cur", "amount", "n");
{search orders};

CREATE TABLE receipts (
	"id"                 {text} NOT NULL UNIQUE,
	"n"                  {n},
	"version"            bigint NOT NULL DEFAULT 0,
	"title"              {text} NOT NULL DEFAULT '',
	"status"             {text} NOT NULL DEFAULT '',
	"owner"              {text} NOT NULL DEFAULT '',
	"department"         {text} NOT NULL DEFAULT '',
	"created_at"         bigint,
	"updated_at"         bigint,
	"deleted_at"         bigint,
	"type"               {text} NOT NULL DEFAULT '',
	"customer"           {text} NOT NULL DEFAULT '',
	"order"              {text} NOT NULL DEFAULT '',
	"document"           {text} NOT NULL DEFAULT '',
	"page"               bigint NOT NULL DEFAULT 0,
	"paper"              bigint NOT NULL DEFAULT 0,
	"paid_on"            {text} NOT NULL DEFAULT '',
	"amount"             bigint,
	"amount_cur"         {text} NOT NULL DEFAULT '',
	"direction"          {text} NOT NULL DEFAULT '',
	"slip_no"            {text} NOT NULL DEFAULT '',
	"serial"             {text} NOT NULL DEFAULT '',
	"bank"               {text} NOT NULL DEFAULT '',
	"payer_name"         {text} NOT NULL DEFAULT '',
	"payer_account"      {text} NOT NULL DEFAULT '',
	"payer_bank"         {text} NOT NULL DEFAULT '',
	"payee_name"         {text} NOT NULL DEFAULT '',
	"payee_account"      {text} NOT NULL DEFAULT '',
	"payee_bank"         {text} NOT NULL DEFAULT '',
	"amount_upper"       {text} NOT NULL DEFAULT '',
	"purpose"            {text} NOT NULL DEFAULT '',
	"memo"               {text} NOT NULL DEFAULT '',
	"invoice_code"       {text} NOT NULL DEFAULT '',
	"invoice_no"         {text} NOT NULL DEFAULT '',
	"issued_on"          {text} NOT NULL DEFAULT '',
	"seller_name"        {text} NOT NULL DEFAULT '',
	"seller_tax_id"      {text} NOT NULL DEFAULT '',
	"buyer_name"         {text} NOT NULL DEFAULT '',
	"buyer_tax_id"       {text} NOT NULL DEFAULT '',
	"net"                bigint,
	"net_cur"            {text} NOT NULL DEFAULT '',
	"tax"                bigint,
	"tax_cur"            {text} NOT NULL DEFAULT '',
	"business_key"       {text} NOT NULL DEFAULT ''
);
CREATE INDEX receipts_department ON receipts ("department", "n");
CREATE INDEX receipts_customer ON receipts ("customer", "n");
CREATE INDEX receipts_order ON receipts ("order", "n");
CREATE INDEX receipts_document ON receipts ("document", "n");
CREATE INDEX receipts_paid_on ON receipts ("paid_on", "n");
CREATE INDEX receipts_amount ON receipts ("amount_cur", "amount", "n");
CREATE UNIQUE INDEX receipts_business_key_once ON receipts ("business_key") WHERE "business_key" <> '' AND deleted_at IS NULL;
CREATE INDEX receipts_business_key ON receipts ("business_key", "n");
{search receipts};

CREATE TABLE documents (
	"id"                 {text} NOT NULL UNIQUE,
	"n"                  {n},
	"version"            bigint NOT NULL DEFAULT 0,
	"title"              {text} NOT NULL DEFAULT '',
	"status"             {text} NOT NULL DEFAULT '',
	"owner"              {text} NOT NULL DEFAULT '',
	"department"         {text} NOT NULL DEFAULT '',
	"created_at"         bigint,
	"updated_at"         bigint,
	"deleted_at"         bigint,
	"name"               {text} NOT NULL DEFAULT '',
	"name_key"           {text} NOT NULL DEFAULT '',
	"name_fold"          {text} NOT NULL DEFAULT '',
	"path"               {text} NOT NULL DEFAULT '',
	"mime"               {text} NOT NULL DEFAULT '',
	"size"               bigint NOT NULL DEFAULT 0,
	"sha256"             {text} NOT NULL DEFAULT '',
	"pages"              bigint NOT NULL DEFAULT 0,
	"state"              {text} NOT NULL DEFAULT '',
	"reason"             {text} NOT NULL DEFAULT '',
	"detail"             {text} NOT NULL DEFAULT '',
	"source"             {text} NOT NULL DEFAULT '',
	"arrivals"           bigint NOT NULL DEFAULT 0,
	"text"               {text} NOT NULL DEFAULT '',
	"reading"            {text} NOT NULL DEFAULT '',
	"step"               bigint NOT NULL DEFAULT 0
);
CREATE INDEX documents_department ON documents ("department", "n");
CREATE INDEX documents_name ON documents ("name_key", "n");
CREATE INDEX documents_name_fold ON documents ("name_fold");
CREATE UNIQUE INDEX documents_path_once ON documents ("path") WHERE "path" <> '' AND deleted_at IS NULL;
CREATE INDEX documents_path ON documents ("path", "n");
CREATE UNIQUE INDEX documents_sha256_once ON documents ("sha256") WHERE "sha256" <> '' AND deleted_at IS NULL;
CREATE INDEX documents_sha256 ON documents ("sha256", "n");
CREATE INDEX documents_state ON documents ("state", "n");
{search documents};

CREATE TABLE entries (
	"id"                 {text} NOT NULL UNIQUE,
	"n"                  {n},
	"version"            bigint NOT NULL DEFAULT 0,
	"title"              {text} NOT NULL DEFAULT '',
	"status"             {text} NOT NULL DEFAULT '',
	"owner"              {text} NOT NULL DEFAULT '',
	"department"         {text} NOT NULL DEFAULT '',
	"created_at"         bigint,
	"updated_at"         bigint,
	"deleted_at"         bigint,
	"account"            {text} NOT NULL DEFAULT '',
	"booked_on"          {text} NOT NULL DEFAULT '',
	"amount"             bigint,
	"amount_cur"         {text} NOT NULL DEFAULT '',
	"direction"          {text} NOT NULL DEFAULT '',
	"balance"            bigint,
	"balance_cur"        {text} NOT NULL DEFAULT '',
	"counter_name"       {text} NOT NULL DEFAULT '',
	"counter_account"    {text} NOT NULL DEFAULT '',
	"counter_bank"       {text} NOT NULL DEFAULT '',
	"summary"            {text} NOT NULL DEFAULT '',
	"purpose"            {text} NOT NULL DEFAULT '',
	"serial"             {text} NOT NULL DEFAULT '',
	"business_key"       {text} NOT NULL DEFAULT ''
);
CREATE INDEX entries_department ON entries ("department", "n");
CREATE INDEX entries_account ON entries ("account", "n");
CREATE INDEX entries_booked_on ON entries ("booked_on", "n");
CREATE INDEX entries_amount ON entries ("amount_cur", "amount", "n");
CREATE UNIQUE INDEX entries_business_key_once ON entries ("business_key") WHERE "business_key" <> '' AND deleted_at IS NULL;
CREATE INDEX entries_business_key ON entries ("business_key", "n");
{search entries};

CREATE TABLE accounts (
	"id"                 {text} NOT NULL UNIQUE,
	"n"                  {n},
	"version"            bigint NOT NULL DEFAULT 0,
	"title"              {text} NOT NULL DEFAULT '',
	"status"             {text} NOT NULL DEFAULT '',
	"owner"              {text} NOT NULL DEFAULT '',
	"department"         {text} NOT NULL DEFAULT '',
	"created_at"         bigint,
	"updated_at"         bigint,
	"deleted_at"         bigint,
	"number"             {text} NOT NULL DEFAULT '',
	"holder"             {text} NOT NULL DEFAULT '',
	"bank"               {text} NOT NULL DEFAULT '',
	"own"                bigint NOT NULL DEFAULT 0,
	"customer"           {text} NOT NULL DEFAULT '',
	"currency"           {text} NOT NULL DEFAULT ''
);
CREATE INDEX accounts_department ON accounts ("department", "n");
CREATE UNIQUE INDEX accounts_number_once ON accounts ("number") WHERE "number" <> '' AND deleted_at IS NULL;
CREATE INDEX accounts_number ON accounts ("number", "n");
CREATE INDEX accounts_customer ON accounts ("customer", "n");
{search accounts};

CREATE TABLE dimensions (
	"id"                 {text} NOT NULL UNIQUE,
	"n"                  {n},
	"version"            bigint NOT NULL DEFAULT 0,
	"title"              {text} NOT NULL DEFAULT '',
	"status"             {text} NOT NULL DEFAULT '',
	"owner"              {text} NOT NULL DEFAULT '',
	"department"         {text} NOT NULL DEFAULT '',
	"created_at"         bigint,
	"updated_at"         bigint,
	"deleted_at"         bigint,
	"of"                 {text} NOT NULL DEFAULT '',
	"name"               {text} NOT NULL DEFAULT '',
	"label"              {text} NOT NULL DEFAULT '',
	"multi"              bigint NOT NULL DEFAULT 0,
	"by"                 {text} NOT NULL DEFAULT '',
	"source"             {text} NOT NULL DEFAULT '',
	"bounds"             {text} NOT NULL DEFAULT ''
);
CREATE INDEX dimensions_department ON dimensions ("department", "n");
CREATE INDEX dimensions_of ON dimensions ("of", "n");
{search dimensions};

CREATE TABLE categories (
	"id"                 {text} NOT NULL UNIQUE,
	"n"                  {n},
	"version"            bigint NOT NULL DEFAULT 0,
	"title"              {text} NOT NULL DEFAULT '',
	"status"             {text} NOT NULL DEFAULT '',
	"owner"              {text} NOT NULL DEFAULT '',
	"department"         {text} NOT NULL DEFAULT '',
	"created_at"         bigint,
	"updated_at"         bigint,
	"deleted_at"         bigint,
	"dimension"          {text} NOT NULL DEFAULT '',
	"parent"             {text} NOT NULL DEFAULT '',
	"name"               {text} NOT NULL DEFAULT '',
	"name_key"           {text} NOT NULL DEFAULT '',
	"name_fold"          {text} NOT NULL DEFAULT '',
	"position"           bigint NOT NULL DEFAULT 0,
	"aliases"            {text} NOT NULL DEFAULT '',
	"code"               {text} NOT NULL DEFAULT '',
	"retired"            bigint NOT NULL DEFAULT 0
);
CREATE INDEX categories_department ON categories ("department", "n");
CREATE INDEX categories_dimension ON categories ("dimension", "n");
CREATE INDEX categories_name ON categories ("name_key", "n");
CREATE INDEX categories_name_fold ON categories ("name_fold");
{search categories};

CREATE TABLE rules (
	"id"                 {text} NOT NULL UNIQUE,
	"n"                  {n},
	"version"            bigint NOT NULL DEFAULT 0,
	"title"              {text} NOT NULL DEFAULT '',
	"status"             {text} NOT NULL DEFAULT '',
	"owner"              {text} NOT NULL DEFAULT '',
	"department"         {text} NOT NULL DEFAULT '',
	"created_at"         bigint,
	"updated_at"         bigint,
	"deleted_at"         bigint,
	"number"             bigint NOT NULL DEFAULT 0,
	"dimension"          {text} NOT NULL DEFAULT '',
	"category"           {text} NOT NULL DEFAULT '',
	"name"               {text} NOT NULL DEFAULT '',
	"filter"             {text} NOT NULL DEFAULT '',
	"position"           bigint NOT NULL DEFAULT 0,
	"revision"           bigint NOT NULL DEFAULT 0,
	"disabled"           bigint NOT NULL DEFAULT 0
);
CREATE INDEX rules_department ON rules ("department", "n");
CREATE INDEX rules_dimension ON rules ("dimension", "n");
CREATE INDEX rules_category ON rules ("category", "n");
{search rules};

CREATE TABLE users (
	"id"                 {text} NOT NULL UNIQUE,
	"n"                  {n},
	"version"            bigint NOT NULL DEFAULT 0,
	"title"              {text} NOT NULL DEFAULT '',
	"status"             {text} NOT NULL DEFAULT '',
	"owner"              {text} NOT NULL DEFAULT '',
	"department"         {text} NOT NULL DEFAULT '',
	"created_at"         bigint,
	"updated_at"         bigint,
	"deleted_at"         bigint,
	"name"               {text} NOT NULL DEFAULT '',
	"name_key"           {text} NOT NULL DEFAULT '',
	"name_fold"          {text} NOT NULL DEFAULT '',
	"login"              {text} NOT NULL DEFAULT '',
	"role"               {text} NOT NULL DEFAULT '',
	"language"           {text} NOT NULL DEFAULT '',
	"password"           {text} NOT NULL DEFAULT '',
	"disabled"           bigint NOT NULL DEFAULT 0,
	"failed_count"       bigint NOT NULL DEFAULT 0,
	"locked_until"       bigint
);
CREATE INDEX users_department ON users ("department", "n");
CREATE INDEX users_name ON users ("name_key", "n");
CREATE INDEX users_name_fold ON users ("name_fold");
CREATE UNIQUE INDEX users_login_once ON users ("login") WHERE "login" <> '' AND deleted_at IS NULL;
CREATE INDEX users_login ON users ("login", "n");
{search users};

CREATE TABLE departments (
	"id"                 {text} NOT NULL UNIQUE,
	"n"                  {n},
	"version"            bigint NOT NULL DEFAULT 0,
	"title"              {text} NOT NULL DEFAULT '',
	"status"             {text} NOT NULL DEFAULT '',
	"owner"              {text} NOT NULL DEFAULT '',
	"department"         {text} NOT NULL DEFAULT '',
	"created_at"         bigint,
	"updated_at"         bigint,
	"deleted_at"         bigint,
	"name"               {text} NOT NULL DEFAULT '',
	"name_key"           {text} NOT NULL DEFAULT '',
	"name_fold"          {text} NOT NULL DEFAULT '',
	"parent"             {text} NOT NULL DEFAULT ''
);
CREATE INDEX departments_department ON departments ("department", "n");
CREATE INDEX departments_name ON departments ("name_key", "n");
CREATE INDEX departments_name_fold ON departments ("name_fold");
{search departments};

CREATE TABLE roles (
	"id"                 {text} NOT NULL UNIQUE,
	"n"                  {n},
	"version"            bigint NOT NULL DEFAULT 0,
	"title"              {text} NOT NULL DEFAULT '',
	"status"             {text} NOT NULL DEFAULT '',
	"owner"              {text} NOT NULL DEFAULT '',
	"department"         {text} NOT NULL DEFAULT '',
	"created_at"         bigint,
	"updated_at"         bigint,
	"deleted_at"         bigint,
	"name"               {text} NOT NULL DEFAULT '',
	"label"              {text} NOT NULL DEFAULT '',
	"grants"             {text} NOT NULL DEFAULT ''
);
CREATE INDEX roles_department ON roles ("department", "n");
CREATE UNIQUE INDEX roles_name_once ON roles ("name") WHERE "name" <> '' AND deleted_at IS NULL;
CREATE INDEX roles_name ON roles ("name", "n");
{search roles};

CREATE TABLE tokens (
	"id"                 {text} NOT NULL UNIQUE,
	"n"                  {n},
	"version"            bigint NOT NULL DEFAULT 0,
	"title"              {text} NOT NULL DEFAULT '',
	"status"             {text} NOT NULL DEFAULT '',
	"owner"              {text} NOT NULL DEFAULT '',
	"department"         {text} NOT NULL DEFAULT '',
	"created_at"         bigint,
	"updated_at"         bigint,
	"deleted_at"         bigint,
	"name"               {text} NOT NULL DEFAULT '',
	"user"               {text} NOT NULL DEFAULT '',
	"role"               {text} NOT NULL DEFAULT '',
	"hash"               {text} NOT NULL DEFAULT '',
	"row_cap"            bigint NOT NULL DEFAULT 0,
	"expires_on"         {text} NOT NULL DEFAULT '',
	"revoked"            bigint NOT NULL DEFAULT 0,
	"used_at"            bigint
);
CREATE INDEX tokens_department ON tokens ("department", "n");
CREATE INDEX tokens_user ON tokens ("user", "n");
CREATE UNIQUE INDEX tokens_hash_once ON tokens ("hash") WHERE "hash" <> '' AND deleted_at IS NULL;
CREATE INDEX tokens_hash ON tokens ("hash", "n");
{search tokens};


# Perl 5 at work: `perl /sample.pl x y` prints what is in sample.pl.expected.
use strict;
use warnings;
use List::Util qw(sum max first);
use Scalar::Util qw(blessed);

$| = 1;
printf "Perl: %s\n", join " ", @ARGV;

# Errors: of any kind, nested, rethrown, with what is cleaned up on the way.
package Failure {
  sub new { my ($class, %about) = @_; return bless {%about}, $class }
  sub throw { my $class = shift; die $class->new(@_) }
}
package Guard {
  sub new { my ($class, $name, $log) = @_; return bless { name => $name, log => $log }, $class }
  sub DESTROY { my $self = shift; push @{ $self->{log} }, $self->{name} }
}
package main;

sub layer {
  my ($depth, $log) = @_;
  my $guard = Guard->new("layer $depth", $log);
  Failure->throw(depth => 0) if $depth == 0;
  eval { layer($depth - 1, $log); 1 } or do {
    my $error = $@;
    $error->{depth} += 1;
    die $error;
  };
}
my @log;
eval { layer(6, \@log) };
print ref $@, " ", blessed $@, " $@->{depth}: ", join(", ", @log), "\n";
eval { my $none; no warnings; my $sum = 1 / ($none // 0); };
print "caught $@";
eval { die "with a newline\n" };
print "caught $@";
eval { Failure->missing };
print "caught $@";
my $value = eval "1 + ;";
print "no value\n" if !defined $value && $@ =~ /syntax error/;
local $SIG{__WARN__} = sub { print "warned: $_[0]" };
warn "careful\n";
{ local $SIG{__DIE__} = sub { print "dying: $_[0]" }; eval { die "softly\n" } }

# Text.
my $text = join "", map { chr(97 + $_ * 7 % 26) . ($_ % 9 ? "" : " ") } 1 .. 4000;
my %counts;
$counts{$_}++ for grep { length } split / /, $text;
print scalar(keys %counts), " words, the most frequent $_->[0] x $_->[1]\n"
  for first { 1 } sort { $b->[1] <=> $a->[1] || $a->[0] cmp $b->[0] } map { [ $_, $counts{$_} ] } keys %counts;
(my $vowels = $text) =~ tr/aeiou//cd;
print length $vowels, " vowels; ", scalar(() = $text =~ /([aeiou])(?=[^aeiou ]{2})/g), " before two consonants\n";
my $balanced = qr/\((?:[^()]++|(?R))*\)/;
print "balanced: $&\n" if "x(a(b)(c(d)))y)" =~ $balanced;
(my $swapped = "key=value; other=thing") =~ s/(?<left>\w+)=(?<right>\w+)/$+{right}=$+{left}/g;
print "$swapped\n", sprintf("%-8s|%08.3f|%#x|%s\n", "left", 3.14159, 48879, join ",", unpack "A3 x2 A*", "abc--rest");

# Closures, recursion, sorting, numbers.
my @adders = map { my $by = $_; sub { $_[0] + $by } } 1 .. 5;
my $sum = 0;
$sum = $_->($sum) for (@adders) x 4000;
print "closures: $sum\n";
sub fib { my $n = shift; return $n < 2 ? $n : fib($n - 1) + fib($n - 2) }
print "fib: ", fib(19), "\n";
my $seed = 42;
my @numbers = map { $seed = ($seed * 1103515245 + 12345) % 2147483648 } 1 .. 5000;
my @sorted = sort { $a <=> $b } @numbers;
print "sorted: $sorted[0] $sorted[2500] ", max(@sorted), " ", sum(map { $_ % 10 } @sorted), "\n";
my @sieve = (1) x 20001;
for my $n (2 .. 141) { next unless $sieve[$n]; for (my $k = $n * $n; $k <= 20000; $k += $n) { $sieve[$k] = 0 } }
print "primes: ", scalar(grep { $sieve[$_] } 2 .. 20000), "\n";
my $thrown = 0;
for my $step (1 .. 5000) { eval { die { step => $step } if $step % 3 == 0; 1 } or $thrown += $@->{step} }
print "thrown: $thrown\n";

# Files.
open my $out, ">", "/perl-made.txt" or die "cannot write: $!";
print $out "line $_: ", $_ ** 3, "\n" for 1 .. 200;
close $out or die "cannot close: $!";
open my $in, "<", "/perl-made.txt" or die "cannot read: $!";
my ($lines, $last) = (0, "");
while (my $line = <$in>) { chomp $line; $lines++; $last = $line }
print "$lines lines, the last is '$last', ", -s "/perl-made.txt", " bytes\n";
print "no such file: ", (open(my $none, "<", "/none") ? "there" : "$!"), "\n";

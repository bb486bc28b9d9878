# Debian's libnet-akismet-perl against a server:
#
#     perl client.pl HOST:PORT KEY COMMENTS
use strict;
use warnings;
use JSON::PP;
use Net::Akismet;

my ($host, $key, $file) = @ARGV;

sub slurp {
    open my $in, '<', shift or die;
    local $/;
    return decode_json(<$in>);
}

sub named {
    my $c = shift;
    return (
        USER_IP              => $c->{user_ip},
        COMMENT_USER_AGENT   => $c->{user_agent},
        COMMENT_CONTENT      => $c->{comment_content},
        COMMENT_AUTHOR       => $c->{comment_author},
        COMMENT_AUTHOR_URL   => $c->{comment_author_url},
        COMMENT_AUTHOR_EMAIL => $c->{comment_author_email},
        PERMALINK            => $c->{permalink},
    );
}

my $comment = slurp($file);
my @at = (URL => 'http://blog.example', SERVICE_HOST => $host);
my $right = Net::Akismet->new(KEY => $key, @at);

print 'verify ', $right ? 'true' : 'false', "\n";
print 'spam ', $right->check(named($comment->{spam})), "\n";
print 'ham ', $right->check(named($comment->{ham})), "\n";
$right->spam(named($comment->{ham}));
print "submit-spam $right->{response}\n";
$right->ham(named($comment->{spam}));
print "submit-ham $right->{response}\n";
print 'wrong key ',
    Net::Akismet->new(KEY => 'wrongwrong12', @at) ? 'true' : 'false', "\n";
